import { equalBytes } from './bytes.js';
import { MarketplaceError } from './error.js';
import { HASH_BYTES, sha256 } from './hash.js';
import { hashChildren, hashRecord } from './record-tree.js';

/** Both edges of a range in a tree of 2^53 entries. */
const MAX_RANGE_PATH_LENGTH = 106;

/**
 * Proves that entries `from` up to, not including, `to` are those of a tree of RFC 9162: the heads of the subtrees beside
 * them, from the bottom up. For a single entry it is the inclusion proof of RFC 9162 2.1.3.1. `hashAt` gives the leaf hash
 * of an entry (`hashRecord`). Throws MKT_CORE__INDEX_OUT_OF_RANGE.
 *
 * @example
 * const path = computeRangePath({ from: 0, to: 500, size, hashAt: (index) => hashes[index] });
 */
export function computeRangePath({ from, to, size, hashAt }: RangePathInput): Uint8Array[] {
    if (!isRange(from, to, size)) throw new MarketplaceError('MKT_CORE__INDEX_OUT_OF_RANGE', { index: from, to, size });
    const path: Uint8Array[] = [];
    const headOf = (low: number, high: number): Uint8Array => {
        if (high - low === 1) return hashAt(low);
        const middle = splitOf(low, high);
        return hashChildren(headOf(low, middle), headOf(middle, high));
    };
    const walk = (low: number, high: number): void => {
        if (low >= from && high <= to) return;
        const middle = splitOf(low, high);
        const [hasLeft, hasRight] = [from < middle, to > middle];
        if (hasLeft) walk(low, middle);
        if (hasRight) walk(middle, high);
        if (!hasLeft) path.push(headOf(low, middle));
        if (!hasRight) path.push(headOf(middle, high));
    };
    walk(0, size);
    return path;
}

export interface RangePathInput {
    readonly from: number;
    readonly to: number;
    /** Entries of the tree. */
    readonly size: number;
    readonly hashAt: (index: number) => Uint8Array;
}
export interface RangeInput {
    readonly root: Uint8Array;
    /** Index of the first entry. */
    readonly from: number;
    /** Entries of the tree. */
    readonly size: number;
    readonly entries: readonly Uint8Array[];
    readonly path: readonly Uint8Array[];
}

/** Whether the entries stand in the tree in this order from `from` on; malformed input is just not valid. */
export function verifyRange({ root, from, size, entries, path }: RangeInput): boolean {
    if (!Array.isArray(entries) || !Array.isArray(path) || path.length > MAX_RANGE_PATH_LENGTH) return false;
    if (!entries.every((entry) => entry instanceof Uint8Array)) return false;
    if (!path.every((node) => node instanceof Uint8Array && node.length === HASH_BYTES)) return false;
    if (!(root instanceof Uint8Array)) return false;
    if (size === 0) return from === 0 && entries.length === 0 && path.length === 0 && equalBytes(sha256(), root);
    const to = from + entries.length;
    if (!isRange(from, to, size)) return false;
    let taken = 0;
    const walk = (low: number, high: number): Uint8Array | null => {
        if (high - low === 1) return hashRecord(entries[low - from] as Uint8Array);
        const middle = splitOf(low, high);
        const own = [from < middle ? walk(low, middle) : undefined, to > middle ? walk(middle, high) : undefined];
        const [left, right] = own.map((node) => (node === undefined ? (path[taken++] ?? null) : node));
        return left && right ? hashChildren(left, right) : null;
    };
    const head = walk(0, size);
    return head !== null && taken === path.length && equalBytes(head, root);
}

function isRange(from: number, to: number, size: number): boolean {
    return [from, to, size].every(Number.isSafeInteger) && from >= 0 && from < to && to <= size;
}

/** The largest power of two below the number of entries, from `low` on. */
function splitOf(low: number, high: number): number {
    let width = 1;
    while (width * 2 < high - low) width *= 2;
    return low + width;
}
