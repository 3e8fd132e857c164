import { compareBytes, toHex } from './bytes.js';
import { MarketplaceError } from './error.js';
import { assertLength, MAX_U64 } from './fields.js';
import { HASH_BYTES } from './hash.js';
import { hashLeaf, type Leaf } from './leaf.js';
import {
    type BucketEntry,
    emptySubtrees,
    hashBucket,
    hashSumNode,
    isTreeDepth,
    keyPrefix,
    MAX_BUCKET_ENTRIES,
    MAX_TREE_DEPTH,
    MIN_TREE_DEPTH,
    type SumNode,
} from './settlement-node.js';

/** A leaf, its whole bucket (its own entry included, ascending by key) and one sibling per level, bottom-up. */
export interface SettlementProof {
    readonly leaf: Leaf;
    readonly bucket: readonly BucketEntry[];
    readonly path: readonly SumNode[];
}

export interface SettlementTree {
    readonly root: Uint8Array;
    readonly totalBytes: bigint;
    readonly depth: number;
    readonly leafCount: number;
    /** Proof for the leaf of a token hash. Throws MKT_CORE__TREE_KEY_UNKNOWN. */
    prove(key: Uint8Array): SettlementProof;
    /** Key of the one leaf that covers a target. Throws MKT_CORE__TREE_TARGET_OUT_OF_RANGE. */
    find(target: bigint): Uint8Array;
}

type Level = ReadonlyMap<number, SumNode>;
type Buckets = ReadonlyMap<number, BucketEntry[]>;

/** Root of a tree without leaves. Throws MKT_CORE__TREE_DEPTH_OUT_OF_RANGE. */
export function emptyRoot(depth: number): Uint8Array {
    assertDepth(depth);
    return (emptySubtrees(depth)[depth] as SumNode).hash;
}

/**
 * Bucketed keyed Merkle-sum tree of protocol 6.5 over the sessions of one commitment.
 *
 * Depth is `max(1, ceil(log2(leaves)) + 1)`, one more while a bucket exceeds 8 entries; `options.depth` sets it instead.
 * Throws MKT_CORE__TREE_KEY_TWICE, MKT_CORE__TREE_TOO_LARGE, MKT_CORE__TREE_TOTAL_TOO_LARGE,
 * MKT_CORE__TREE_DEPTH_OUT_OF_RANGE, MKT_CORE__LEAF_EMPTY, MKT_CORE__FIELD_*.
 */
export function buildSettlementTree(leaves: readonly Leaf[], options: { depth?: number } = {}): SettlementTree {
    const leavesByKey = indexLeaves(leaves);
    const entries = leaves
        .map((leaf) => ({ key: leaf.tokenHash, leafHash: hashLeaf(leaf), bytes: leaf.bytes }))
        .sort((left, right) => compareBytes(left.key, right.key));
    const { depth, buckets } = chooseBuckets(entries, options.depth);
    const empty = emptySubtrees(depth);
    const levels = buildLevels(buckets, depth, empty);
    const root = levels[depth]?.get(0) ?? (empty[depth] as SumNode);
    const nodeAt = (level: number, place: number) => levels[level]?.get(place) ?? (empty[level] as SumNode);

    return {
        root: root.hash,
        totalBytes: root.sum,
        depth,
        leafCount: leaves.length,
        prove(key) {
            const leaf = key.length === HASH_BYTES ? leavesByKey.get(toHex(key)) : undefined;
            if (leaf === undefined) throw new MarketplaceError('MKT_CORE__TREE_KEY_UNKNOWN', { key: toHex(key) });
            const prefix = keyPrefix(key, depth);
            const path = Array.from({ length: depth }, (_, level) => nodeAt(level, (prefix >>> level) ^ 1));
            return { leaf, bucket: [...(buckets.get(prefix) ?? [])], path };
        },
        find(target) {
            if (target < 0n || target >= root.sum) {
                throw new MarketplaceError('MKT_CORE__TREE_TARGET_OUT_OF_RANGE', { target, totalBytes: root.sum });
            }
            let place = 0;
            let left = target;
            for (let level = depth - 1; level >= 0; level--) {
                place *= 2;
                const { sum } = nodeAt(level, place);
                if (left >= sum) {
                    left -= sum;
                    place += 1;
                }
            }
            return findInBucket(buckets.get(place) ?? [], left);
        },
    };
}

function findInBucket(bucket: readonly BucketEntry[], target: bigint): Uint8Array {
    let left = target;
    for (const entry of bucket) {
        if (left < entry.bytes) return entry.key;
        left -= entry.bytes;
    }
    throw new MarketplaceError('MKT_CORE__TREE_TARGET_OUT_OF_RANGE', { target });
}

function indexLeaves(leaves: readonly Leaf[]): ReadonlyMap<string, Leaf> {
    const byKey = new Map<string, Leaf>();
    let total = 0n;
    for (const leaf of leaves) {
        assertLength('tokenHash', leaf.tokenHash, HASH_BYTES);
        const key = toHex(leaf.tokenHash);
        if (byKey.has(key)) throw new MarketplaceError('MKT_CORE__TREE_KEY_TWICE', { key });
        byKey.set(key, leaf);
        total += leaf.bytes;
    }
    if (total > MAX_U64) throw new MarketplaceError('MKT_CORE__TREE_TOTAL_TOO_LARGE', { total });
    return byKey;
}

function chooseBuckets(entries: readonly BucketEntry[], fixedDepth: number | undefined) {
    if (fixedDepth !== undefined) assertDepth(fixedDepth);
    const smallest = entries.length < 2 ? 0 : Math.ceil(Math.log2(entries.length));
    const first = fixedDepth ?? Math.max(MIN_TREE_DEPTH, smallest + 1);
    const last = fixedDepth ?? MAX_TREE_DEPTH;
    for (let depth = first; depth <= last; depth++) {
        const buckets = fillBuckets(entries, depth);
        if (buckets !== undefined) return { depth, buckets };
    }
    throw new MarketplaceError('MKT_CORE__TREE_TOO_LARGE', { leaves: entries.length, depth: last });
}

/** Entries by bucket, still ascending; nothing if a bucket overflows. */
function fillBuckets(entries: readonly BucketEntry[], depth: number): Buckets | undefined {
    const buckets = new Map<number, BucketEntry[]>();
    for (const entry of entries) {
        const prefix = keyPrefix(entry.key, depth);
        const bucket = buckets.get(prefix) ?? [];
        if (bucket.length === MAX_BUCKET_ENTRIES) return undefined;
        bucket.push(entry);
        buckets.set(prefix, bucket);
    }
    return buckets;
}

function buildLevels(buckets: Buckets, depth: number, empty: readonly SumNode[]): readonly Level[] {
    let current: Level = new Map([...buckets].map(([prefix, bucket]) => [prefix, hashBucket(bucket)]));
    const levels = [current];
    for (let level = 0; level < depth; level++) {
        const next = new Map<number, SumNode>();
        const none = empty[level] as SumNode;
        for (const place of current.keys()) {
            const parent = place >>> 1;
            if (next.has(parent)) continue;
            next.set(parent, hashSumNode(current.get(2 * parent) ?? none, current.get(2 * parent + 1) ?? none));
        }
        levels.push(next);
        current = next;
    }
    return levels;
}

function assertDepth(depth: number): void {
    if (!isTreeDepth(depth)) throw new MarketplaceError('MKT_CORE__TREE_DEPTH_OUT_OF_RANGE', { depth });
}
