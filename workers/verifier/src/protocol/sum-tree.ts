import { sha256, toHex, u16, u64 } from './bytes.js';

/** The bucketed keyed Merkle-sum tree of protocol 6.5, recomputed by descent: the reference is the text, not other code. */
export type SumLeaf = { key: Uint8Array; leafHash: Uint8Array; bytes: bigint };
export type SumTree = { root: string; totalBytes: bigint };

const MAX_BUCKET = 8;
const MAX_DEPTH = 20;
/** Key, leaf hash and u64; hash and u64. */
const ENTRY_BYTES = 72;
const SIBLING_BYTES = 40;
const U64_LIMIT = 1n << 64n;
type Sum = { hash: Uint8Array; bytes: bigint };

/** Root and total at a depth, or why there is no such tree. */
export function computeSumTree(leaves: readonly SumLeaf[], depth: number): SumTree | { problem: string } {
    const sorted = [...leaves].sort((a, b) => Buffer.compare(a.key, b.key));
    const twice = sorted.findIndex(
        (leaf, i) => i > 0 && Buffer.compare(leaf.key, sorted[i - 1]?.key ?? leaf.key) === 0,
    );
    if (twice >= 0) return { problem: `token ${toHex(sorted[twice]?.key ?? new Uint8Array())} counts twice` };
    const total = sorted.reduce((sum, { bytes }) => sum + bytes, 0n);
    if (total >= U64_LIMIT) return { problem: 'its bytes do not fit 64 bits' };
    try {
        return { root: toHex(descend(sorted, 0, depth, emptySums(depth)).hash), totalBytes: total };
    } catch {
        return { problem: `a bucket at depth ${depth} holds more than ${MAX_BUCKET} leaves` };
    }
}

/** Subtree of the keys that share the first `level` bits. */
function descend(leaves: readonly SumLeaf[], level: number, depth: number, empty: readonly Sum[]): Sum {
    if (leaves.length === 0) return empty[depth - level] as Sum;
    if (level === depth) return bucket(leaves);
    const isRight = ({ key }: SumLeaf) => (((key[level >> 3] ?? 0) >> (7 - (level & 7))) & 1) === 1;
    const split = leaves.findIndex(isRight);
    const cut = split < 0 ? leaves.length : split;
    return parent(
        descend(leaves.slice(0, cut), level + 1, depth, empty),
        descend(leaves.slice(cut), level + 1, depth, empty),
    );
}

function bucket(leaves: readonly SumLeaf[]): Sum {
    if (leaves.length > MAX_BUCKET) throw new RangeError('bucket');
    const entries = leaves.flatMap(({ key, leafHash, bytes }) => [key, leafHash, u64(bytes)]);
    return {
        hash: sha256(Uint8Array.of(2), u16(leaves.length), ...entries),
        bytes: leaves.reduce((sum, { bytes }) => sum + bytes, 0n),
    };
}

function parent(left: Sum, right: Sum): Sum {
    return {
        hash: sha256(Uint8Array.of(1), left.hash, right.hash, u64(left.bytes), u64(right.bytes)),
        bytes: left.bytes + right.bytes,
    };
}

function emptySums(depth: number): Sum[] {
    const sums = [bucket([])];
    for (let level = 0; level < depth; level += 1) {
        const below = sums[level] as Sum;
        sums.push(parent(below, below));
    }
    return sums;
}

/** Whether a proof of inclusion shows a leaf that covers a target: `others` and `path` as the instructions carry them. */
export function verifyCover(
    tree: { root: string; totalBytes: bigint; depth: number },
    target: bigint,
    proof: { key: Uint8Array; leafHash: Uint8Array; bytes: bigint; others: Uint8Array; path: Uint8Array },
): boolean {
    const { others, path, key, leafHash, bytes } = proof;
    if (others.length % ENTRY_BYTES !== 0 || path.length !== SIBLING_BYTES * tree.depth) return false;
    if (!Number.isInteger(tree.depth) || tree.depth < 1 || tree.depth > MAX_DEPTH) return false;
    const siblings = readEntries(others);
    const entries = [{ key, leafHash, bytes }, ...siblings].sort((a, b) => Buffer.compare(a.key, b.key));
    const prefix = (entry: SumLeaf) => Buffer.from(entry.key).readUInt32BE(0) >>> (32 - tree.depth);
    const isBucket = entries.every(
        (entry, i) =>
            prefix(entry) === prefix({ key, leafHash, bytes }) &&
            (i === 0 || Buffer.compare(entries[i - 1]?.key ?? key, entry.key) < 0),
    );
    const isAscending = siblings.every(
        (entry, i) => i === 0 || Buffer.compare(siblings[i - 1]?.key ?? key, entry.key) < 0,
    );
    if (!isBucket || !isAscending || entries.length > MAX_BUCKET) return false;
    let offset = 0n;
    for (const entry of entries) {
        if (Buffer.compare(entry.key, key) === 0) break;
        offset += entry.bytes;
    }
    const { node, before } = climb(bucket(entries), prefix({ key, leafHash, bytes }), path);
    offset += before;
    const isRoot = toHex(node.hash) === tree.root && node.bytes === tree.totalBytes;
    return isRoot && target >= offset && target < offset + bytes;
}

function readEntries(others: Uint8Array): SumLeaf[] {
    return Array.from({ length: others.length / ENTRY_BYTES }, (_, index) => {
        const entry = others.subarray(ENTRY_BYTES * index, ENTRY_BYTES * (index + 1));
        return {
            key: entry.subarray(0, 32),
            leafHash: entry.subarray(32, 64),
            bytes: Buffer.from(entry).readBigUInt64LE(64),
        };
    });
}

/** From a bucket to the root; `before` are the bytes left of it. */
function climb(from: Sum, prefix: number, path: Uint8Array): { node: Sum; before: bigint } {
    let node = from;
    let before = 0n;
    for (let level = 0; level * SIBLING_BYTES < path.length; level += 1) {
        const step = path.subarray(SIBLING_BYTES * level, SIBLING_BYTES * (level + 1));
        const sibling = { hash: step.subarray(0, 32), bytes: Buffer.from(step).readBigUInt64LE(32) };
        const isRight = ((prefix >>> level) & 1) === 1;
        if (isRight) before += sibling.bytes;
        const next = isRight ? [sibling, node] : [node, sibling];
        if (sibling.bytes + node.bytes >= U64_LIMIT) return { node: { hash: from.hash, bytes: -1n }, before };
        node = parent(next[0] as Sum, next[1] as Sum);
    }
    return { node, before };
}
