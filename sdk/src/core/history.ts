import { FieldWriter } from './fields.js';
import { HASH_BYTES } from './hash.js';

/** Levels of the frontier in a contract account, and the entries that they can hold. */
export const HISTORY_LEVELS = 16;
export const MAX_HISTORY_SIZE = 65_535;
const HISTORY_ENTRY_BYTES = 93;

/** A settled commitment, as it enters the history of its contract (protocol 6.7, settle). */
export interface HistoryEntry {
    /** Address of the DeliveryCommitment account. */
    readonly commitment: Uint8Array;
    readonly epoch: number;
    readonly kind: number;
    readonly root: Uint8Array;
    readonly totalBytes: bigint;
    readonly gross: bigint;
    readonly penalty: bigint;
}

/**
 * The 93 bytes of an entry. `computeTreeHead` over the entries in order of settlement equals the root of the frontier
 * in the contract account, so closed commitments stay provable with `verifyAuditPath`. Throws MKT_CORE__FIELD_*.
 */
export function encodeHistoryEntry(entry: HistoryEntry): Uint8Array {
    return new FieldWriter(HISTORY_ENTRY_BYTES)
        .bytes('commitment', entry.commitment, HASH_BYTES)
        .u32('epoch', entry.epoch)
        .u8('kind', entry.kind)
        .bytes('root', entry.root, HASH_BYTES)
        .u64('totalBytes', entry.totalBytes)
        .u64('gross', entry.gross)
        .u64('penalty', entry.penalty)
        .finish();
}
