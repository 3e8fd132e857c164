import { viewOf } from '../ledger/addresses.js';
import { formatTokenAmount } from '../ledger/token-accounts.js';
import type { ParsedInstruction } from './instruction.js';

/** Accounts from `position` on sign for the authority: one alone, or a multisig and its signers. */
function authority(accounts: readonly string[], position: number, name: string): object {
    const owner = accounts[position];
    if (accounts.length <= position + 1) return { [name]: owner };
    const multisig = `multisig${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    return { [multisig]: owner, signers: accounts.slice(position + 1) };
}

/** Token instructions that move or make tokens; the others are shown partially decoded. */
export function parseTokenInstruction(accounts: readonly string[], data: Uint8Array): ParsedInstruction | undefined {
    const kind = data[0];
    const [first, second, third] = accounts;
    const hasAmount = data.length >= 9;
    const amount = hasAmount ? viewOf(data).getBigUint64(1, true) : 0n;
    const checked = hasAmount && data.length >= 10;
    const tokenAmount = checked ? formatTokenAmount(amount, data[9] ?? 0) : undefined;
    if (kind === 3 && hasAmount && accounts.length >= 3) {
        const info = {
            amount: amount.toString(),
            source: first,
            destination: second,
            ...authority(accounts, 2, 'authority'),
        };
        return { info, type: 'transfer' };
    }
    if (kind === 7 && hasAmount && accounts.length >= 3) {
        const info = {
            account: second,
            amount: amount.toString(),
            mint: first,
            ...authority(accounts, 2, 'mintAuthority'),
        };
        return { info, type: 'mintTo' };
    }
    if (kind === 8 && hasAmount && accounts.length >= 3) {
        const info = {
            account: first,
            amount: amount.toString(),
            mint: second,
            ...authority(accounts, 2, 'authority'),
        };
        return { info, type: 'burn' };
    }
    if (kind === 9 && accounts.length >= 3) {
        const info = { account: first, destination: second, ...authority(accounts, 2, 'owner') };
        return { info, type: 'closeAccount' };
    }
    if (kind === 12 && checked && accounts.length >= 4) {
        const info = {
            source: first,
            mint: second,
            destination: third,
            tokenAmount,
            ...authority(accounts, 3, 'authority'),
        };
        return { info, type: 'transferChecked' };
    }
    if (kind === 14 && checked && accounts.length >= 3) {
        const info = { account: second, mint: first, tokenAmount, ...authority(accounts, 2, 'mintAuthority') };
        return { info, type: 'mintToChecked' };
    }
    return undefined;
}
