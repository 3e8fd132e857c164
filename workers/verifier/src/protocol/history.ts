import { fromHex, sha256, toHex, u32, u64 } from './bytes.js';

export const HISTORY_LEVELS = 16;
const EMPTY = '00'.repeat(32);

export type HistoryEntry = {
    commitment: Uint8Array;
    epoch: number;
    kind: number;
    root: string;
    totalBytes: bigint;
    gross: bigint;
    penalty: bigint;
};

/** Hash of one settlement in a contract's history (protocol 6.7, settle). */
export function historyLeaf(entry: HistoryEntry): Uint8Array {
    return sha256(
        Uint8Array.of(0),
        entry.commitment,
        u32(entry.epoch),
        Uint8Array.of(entry.kind),
        fromHex(entry.root),
        u64(entry.totalBytes),
        u64(entry.gross),
        u64(entry.penalty),
    );
}

/** Frontier of all settlements: at each level the root of a full subtree where the count has that bit, else zero. */
export function historyFrontier(leaves: readonly Uint8Array[]): string[] {
    let start = 0;
    const frontier = Array.from({ length: HISTORY_LEVELS }, () => EMPTY);
    for (let level = HISTORY_LEVELS - 1; level >= 0; level -= 1) {
        const size = 2 ** level;
        if ((leaves.length & size) === 0) continue;
        frontier[level] = toHex(fullSubtree(leaves.slice(start, start + size)));
        start += size;
    }
    return frontier;
}

function fullSubtree(leaves: readonly Uint8Array[]): Uint8Array {
    const [only] = leaves;
    if (leaves.length === 1 && only !== undefined) return only;
    const half = leaves.length / 2;
    return sha256(Uint8Array.of(1), fullSubtree(leaves.slice(0, half)), fullSubtree(leaves.slice(half)));
}
