import type { WireInstruction } from '../chain/wire.js';
import type { Ledger } from './ledger.js';

const TOKEN_PROGRAMS: ReadonlySet<string> = new Set([
    'TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA',
    'TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb',
]);
/** Instruction numbers of the token programs, and the place of the receiving account in each. */
const TRANSFER = { code: 3, to: 1 };
const TRANSFER_CHECKED = { code: 12, to: 2 };

/** Anyone may send tokens straight to a vault; they are spare money of the contract. */
export function receiveTransfer(ledger: Ledger, { programId, keys, data }: WireInstruction): void {
    const vault = ledger.contract?.vault;
    if (vault === undefined || !TOKEN_PROGRAMS.has(programId) || data.length < 9) return;
    const form = [TRANSFER, TRANSFER_CHECKED].find(({ code }) => code === data[0]);
    if (form === undefined || keys[form.to] !== vault) return;
    ledger.vaultBalance += new DataView(data.buffer, data.byteOffset, data.length).getBigUint64(1, true);
}
