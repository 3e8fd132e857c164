import type { AccountView, TokenAmountView, TokenBalanceView } from '../types.js';
import { readAddress, TOKEN_PROGRAMS, viewOf } from './addresses.js';

export const MINT_BYTES = 82;
export const TOKEN_ACCOUNT_BYTES = 165;
export const MULTISIG_BYTES = 355;
/** Offset of the Token-2022 account type byte, just behind the base account. */
const ACCOUNT_TYPE_OFFSET = 165;

/** Something accounts can be read from: the runtime, or what a simulation would leave of it. */
export interface AccountReader {
    getAccount(address: string): AccountView | undefined;
}

export type TokenAccountKind = 'mint' | 'account' | 'multisig';

/** Which kind of token program state an account holds; undefined if it is none or not initialized. */
export function tokenAccountKind(account: AccountView): TokenAccountKind | undefined {
    if (!TOKEN_PROGRAMS.has(account.owner)) return undefined;
    const { data } = account;
    if (data.length === MULTISIG_BYTES) return 'multisig';
    if (data.length === MINT_BYTES) return data[45] === 1 ? 'mint' : undefined;
    const isBase = data.length === TOKEN_ACCOUNT_BYTES;
    const type = data.length > TOKEN_ACCOUNT_BYTES ? data[ACCOUNT_TYPE_OFFSET] : undefined;
    if (type === 1) return data[45] === 1 ? 'mint' : undefined;
    if (isBase || type === 2) return (data[108] ?? 0) > 0 ? 'account' : undefined;
    return undefined;
}

export const mintOf = (data: Uint8Array): string => readAddress(data, 0);
export const ownerOf = (data: Uint8Array): string => readAddress(data, 32);
export const amountOf = (data: Uint8Array): bigint => viewOf(data).getBigUint64(64, true);
export const supplyOf = (data: Uint8Array): bigint => viewOf(data).getBigUint64(36, true);

export function delegateOf(data: Uint8Array): { delegate: string; amount: bigint } | undefined {
    if (viewOf(data).getUint32(72, true) !== 1) return undefined;
    return { delegate: readAddress(data, 76), amount: viewOf(data).getBigUint64(121, true) };
}

/** Decimal text of base units without trailing zeros, computed on integers: a float would round large amounts. */
export function formatTokenAmount(amount: bigint, decimals: number): TokenAmountView {
    const digits = amount.toString().padStart(decimals + 1, '0');
    const whole = digits.slice(0, digits.length - decimals);
    const fraction = decimals === 0 ? '' : digits.slice(-decimals).replace(/0+$/, '');
    const uiAmountString = fraction === '' ? whole : `${whole}.${fraction}`;
    return { amount: amount.toString(), decimals, uiAmount: Number(uiAmountString), uiAmountString };
}

export function decimalsOfMint(reader: AccountReader, mint: string): number | undefined {
    const account = reader.getAccount(mint);
    if (account === undefined || tokenAccountKind(account) !== 'mint') return undefined;
    return account.data[44];
}

/** Transaction metadata, unlike other answers, gives null for the floating-point form of nothing. */
function balanceOf(account: AccountView, decimals: number): TokenAmountView {
    const amount = formatTokenAmount(amountOf(account.data), decimals);
    return amount.uiAmount === 0 ? { ...amount, uiAmount: null } : amount;
}

/** Balances of all token accounts among `keys`, as transaction metadata lists them. */
export function readTokenBalances(reader: AccountReader, keys: readonly string[]): TokenBalanceView[] {
    const balances: TokenBalanceView[] = [];
    for (const [accountIndex, key] of keys.entries()) {
        const account = reader.getAccount(key);
        if (account === undefined || tokenAccountKind(account) !== 'account') continue;
        const mint = mintOf(account.data);
        const decimals = decimalsOfMint(reader, mint);
        if (decimals === undefined) continue;
        balances.push({
            accountIndex,
            mint,
            owner: ownerOf(account.data),
            programId: account.owner,
            uiTokenAmount: balanceOf(account, decimals),
        });
    }
    return balances;
}
