import { encodeU64, FieldWriter, MAX_U64 } from './fields.js';
import { HASH_BYTES, sha256 } from './hash.js';

/** Depths and bucket size of protocol 6.5. */
export const MIN_TREE_DEPTH = 1;
export const MAX_TREE_DEPTH = 20;
export const MAX_BUCKET_ENTRIES = 8;

const ENTRY_BYTES = 72;
const BUCKET_HEADER_BYTES = 3;
const NODE_PREFIX = Uint8Array.of(1);
const BUCKET_PREFIX = 2;

/** A subtree: its hash and the bytes below it. */
export interface SumNode {
    readonly hash: Uint8Array;
    readonly sum: bigint;
}

/** One leaf as its bucket shows it. */
export interface BucketEntry {
    readonly key: Uint8Array;
    readonly leafHash: Uint8Array;
    readonly bytes: bigint;
}

/** `SHA256(0x02 | u16 count | entries)` and the sum of the entries. The sum may pass 64 bits: the caller checks. */
export function hashBucket(entries: readonly BucketEntry[]): SumNode {
    const writer = new FieldWriter(BUCKET_HEADER_BYTES + entries.length * ENTRY_BYTES);
    writer.u8('prefix', BUCKET_PREFIX).u16('count', entries.length);
    let sum = 0n;
    for (const entry of entries) {
        writer
            .bytes('key', entry.key, HASH_BYTES)
            .bytes('leafHash', entry.leafHash, HASH_BYTES)
            .u64('bytes', entry.bytes);
        sum += entry.bytes;
    }
    return { hash: sha256(writer.finish()), sum };
}

/** `SHA256(0x01 | left hash | right hash | u64 left sum | u64 right sum)`. The sum may pass 64 bits: the caller checks. */
export function hashSumNode(left: SumNode, right: SumNode): SumNode {
    const hash = sha256(NODE_PREFIX, left.hash, right.hash, encodeU64(left.sum), encodeU64(right.sum));
    return { hash, sum: left.sum + right.sum };
}

/** Top `depth` bits of a key, big-endian; depth 1 to 20. */
export function keyPrefix(key: Uint8Array, depth: number): number {
    const view = new DataView(key.buffer, key.byteOffset, key.byteLength);
    return view.getUint32(0, false) >>> (32 - depth);
}

export function isTreeDepth(depth: number): boolean {
    return Number.isInteger(depth) && depth >= MIN_TREE_DEPTH && depth <= MAX_TREE_DEPTH;
}

/** Roots of subtrees without leaves, from an empty bucket up to `depth`. */
export function emptySubtrees(depth: number): SumNode[] {
    const nodes = [hashBucket([])];
    for (let level = 0; level < depth; level++) {
        const below = nodes[level] as SumNode;
        nodes.push(hashSumNode(below, below));
    }
    return nodes;
}

export function fitsU64(value: unknown): value is bigint {
    return typeof value === 'bigint' && value >= 0n && value <= MAX_U64;
}
