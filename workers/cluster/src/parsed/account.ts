import type { Svm } from '../ledger/svm.js';
import type { AccountView } from '../types.js';
import { parseNativeAccount } from './native-accounts.js';
import { parseTokenAccount } from './token-account.js';

export interface ParsedAccount {
    readonly program: string;
    readonly parsed: unknown;
    readonly space: number;
}

/** The `jsonParsed` form of an account, or undefined where clients are to be given base64 instead. */
export function parseAccount(svm: Svm, account: AccountView, address: string): ParsedAccount | undefined {
    const result = parseTokenAccount(svm, account) ?? parseNativeAccount(account, address);
    return result === undefined ? undefined : { ...result, space: account.data.length };
}
