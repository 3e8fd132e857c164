import { compareBytes, equalBytes } from './bytes.js';
import { HASH_BYTES } from './hash.js';
import { hashLeaf } from './leaf.js';
import {
    type BucketEntry,
    fitsU64,
    hashBucket,
    hashSumNode,
    isTreeDepth,
    keyPrefix,
    MAX_BUCKET_ENTRIES,
    type SumNode,
} from './settlement-node.js';
import type { SettlementProof } from './settlement-tree.js';

export interface SettlementProofInput {
    readonly root: Uint8Array;
    readonly totalBytes: bigint;
    readonly depth: number;
    /** When given, the leaf must also cover it: `offset <= target < offset + bytes`. */
    readonly target?: bigint;
    readonly proof: SettlementProof;
}

/**
 * Verifies a leaf against a commitment (protocol 6.5). At most 22 hashes; malformed input is just not valid.
 * An inflated sum anywhere leaves every target below it unprovable.
 */
export function verifySettlementProof(input: SettlementProofInput): boolean {
    try {
        return checkProof(input);
    } catch {
        // Fields of wrong type or length come from a stranger: they prove nothing, and that is all to be said.
        return false;
    }
}

function checkProof({ root, totalBytes, depth, target, proof }: SettlementProofInput): boolean {
    if (!isTreeDepth(depth) || proof.path.length !== depth) return false;
    const key = proof.leaf.tokenHash;
    let prefix = keyPrefix(key, depth);
    let offset = offsetInBucket(proof, prefix, depth);
    if (offset === undefined) return false;
    let node: SumNode = hashBucket(proof.bucket);
    for (const sibling of proof.path) {
        if (sibling.hash.length !== HASH_BYTES || !fitsU64(sibling.sum)) return false;
        if ((prefix & 1) === 1) {
            offset += sibling.sum;
            node = hashSumNode(sibling, node);
        } else {
            node = hashSumNode(node, sibling);
        }
        if (!fitsU64(node.sum)) return false;
        prefix >>>= 1;
    }
    if (!equalBytes(node.hash, root) || node.sum !== totalBytes) return false;
    return target === undefined || (target >= offset && target < offset + proof.leaf.bytes);
}

/** Bytes of the entries before the leaf; nothing if the bucket is not a valid bucket with exactly this leaf. */
function offsetInBucket({ leaf, bucket }: SettlementProof, prefix: number, depth: number): bigint | undefined {
    if (bucket.length < 1 || bucket.length > MAX_BUCKET_ENTRIES) return undefined;
    let previous: BucketEntry | undefined;
    let sum = 0n;
    let offset: bigint | undefined;
    for (const entry of bucket) {
        if (entry.key.length !== HASH_BYTES || !fitsU64(entry.bytes)) return undefined;
        if (previous !== undefined && compareBytes(previous.key, entry.key) >= 0) return undefined;
        if (keyPrefix(entry.key, depth) !== prefix) return undefined;
        if (equalBytes(entry.key, leaf.tokenHash)) {
            if (entry.bytes !== leaf.bytes || !equalBytes(entry.leafHash, hashLeaf(leaf))) return undefined;
            offset = sum;
        }
        sum += entry.bytes;
        previous = entry;
    }
    return offset;
}
