import { readAddress, viewOf } from '../ledger/addresses.js';
import type { ParsedInstruction } from './instruction.js';

/** System program instructions users meet; the others are shown partially decoded. */
export function parseSystemInstruction(accounts: readonly string[], data: Uint8Array): ParsedInstruction | undefined {
    if (data.length < 4) return undefined;
    const view = viewOf(data);
    const [first, second] = accounts;
    const kind = view.getUint32(0, true);
    if (kind === 0 && data.length >= 52 && second !== undefined) {
        const info = {
            lamports: view.getBigUint64(4, true),
            newAccount: second,
            owner: readAddress(data, 20),
            source: first,
            space: view.getBigUint64(12, true),
        };
        return { info, type: 'createAccount' };
    }
    if (kind === 1 && data.length >= 36 && first !== undefined) {
        return { info: { account: first, owner: readAddress(data, 4) }, type: 'assign' };
    }
    if (kind === 2 && data.length >= 12 && second !== undefined) {
        const info = { destination: second, lamports: view.getBigUint64(4, true), source: first };
        return { info, type: 'transfer' };
    }
    if (kind === 4 && accounts.length >= 3) {
        const info = { nonceAccount: first, nonceAuthority: accounts[2], recentBlockhashesSysvar: second };
        return { info, type: 'advanceNonce' };
    }
    if (kind === 8 && data.length >= 12 && first !== undefined) {
        return { info: { account: first, space: view.getBigUint64(4, true) }, type: 'allocate' };
    }
    return undefined;
}
