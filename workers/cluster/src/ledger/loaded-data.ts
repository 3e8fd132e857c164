import type { AccountView } from '../types.js';
import { readAddress, UPGRADEABLE_LOADER } from './addresses.js';
import type { AccountReader } from './token-accounts.js';

/** Added for each account that exists (SIMD-0186). */
const ACCOUNT_BASE_BYTES = 64;
const PROGRAM_STATE_BYTES = 36;

function programDataOf(account: AccountView): string | undefined {
    const isProgram = account.executable && account.owner === UPGRADEABLE_LOADER;
    return isProgram && account.data.length >= PROGRAM_STATE_BYTES ? readAddress(account.data, 4) : undefined;
}

/** Bytes of account data a transaction loads, the code of upgradeable programs included. */
export function measureLoadedData(reader: AccountReader, keys: readonly string[]): number {
    const counted = new Set<string>();
    let total = 0;
    const add = (address: string): void => {
        if (counted.has(address)) return;
        counted.add(address);
        const account = reader.getAccount(address);
        if (account === undefined) return;
        total += ACCOUNT_BASE_BYTES + account.data.length;
        const programData = programDataOf(account);
        if (programData !== undefined) add(programData);
    };
    for (const key of keys) add(key);
    return total;
}
