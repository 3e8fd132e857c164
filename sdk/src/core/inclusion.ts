import { compareBytes, equalBytes } from './bytes.js';
import { MarketplaceError } from './error.js';
import { FieldReader, FieldWriter } from './fields.js';
import { HASH_BYTES } from './hash.js';
import { decodeLeaf, encodeLeaf, hashLeaf } from './leaf.js';
import type { BucketEntry } from './settlement-node.js';
import type { SettlementProof, SettlementTree } from './settlement-tree.js';

/** Encoded length of a bucket entry (key, leaf hash, u64 bytes) and of a sibling (hash, u64 sum). */
export const BUCKET_ENTRY_BYTES = 72;
export const SIBLING_BYTES = 40;

/** A proof as a transaction carries it: 112 + 72 · others + 40 · depth bytes. */
export interface InclusionProof {
    readonly leaf: Uint8Array;
    /** The other entries of the leaf's bucket, ascending by key: the leaf's own follows from the leaf. */
    readonly others: Uint8Array;
    /** One sibling per level, bottom-up. */
    readonly path: Uint8Array;
}

/**
 * The leaf that covers a target, with all that proves it.
 *
 * @throws MKT_CORE__TREE_TARGET_OUT_OF_RANGE
 * @example const proof = proveTarget(tree, computeSampleTarget(seed, 0, tree.totalBytes));
 */
export function proveTarget(tree: SettlementTree, target: bigint): InclusionProof {
    return encodeInclusionProof(tree.prove(tree.find(target)));
}

/**
 * @throws MKT_CORE__FIELD_*, MKT_CORE__LEAF_EMPTY
 * @example const { leaf, others, path } = encodeInclusionProof(tree.prove(tokenHash));
 */
export function encodeInclusionProof({ leaf, bucket, path }: SettlementProof): InclusionProof {
    const rest = bucket.filter(({ key }) => !equalBytes(key, leaf.tokenHash));
    const others = new FieldWriter(rest.length * BUCKET_ENTRY_BYTES);
    for (const entry of rest) {
        others
            .bytes('key', entry.key, HASH_BYTES)
            .bytes('leafHash', entry.leafHash, HASH_BYTES)
            .u64('bytes', entry.bytes);
    }
    const siblings = new FieldWriter(path.length * SIBLING_BYTES);
    for (const { hash, sum } of path) siblings.bytes('hash', hash, HASH_BYTES).u64('sum', sum);
    return { leaf: encodeLeaf(leaf), others: others.finish(), path: siblings.finish() };
}

/**
 * Reverse of {@link encodeInclusionProof}, for `verifySettlementProof`. The leaf's own entry is put after the last smaller
 * key; order and all else is for the verifier to judge.
 *
 * @throws MKT_CORE__FIELD_LENGTH_WRONG, MKT_CORE__LEAF_EMPTY, MKT_CORE__LEAF_RESERVED_NOT_ZERO
 * @example verifySettlementProof({ ...commitment, target, proof: decodeInclusionProof(proof) });
 */
export function decodeInclusionProof(proof: InclusionProof): SettlementProof {
    const leaf = decodeLeaf(proof.leaf);
    const own: BucketEntry = { key: leaf.tokenHash, leafHash: hashLeaf(leaf), bytes: leaf.bytes };
    const entries = new FieldReader(proof.others);
    const bucket = readItems('others', proof.others, BUCKET_ENTRY_BYTES, () => ({
        key: entries.bytes(HASH_BYTES),
        leafHash: entries.bytes(HASH_BYTES),
        bytes: entries.u64(),
    }));
    const place = bucket.findIndex(({ key }) => compareBytes(own.key, key) < 0);
    bucket.splice(place < 0 ? bucket.length : place, 0, own);
    const siblings = new FieldReader(proof.path);
    const path = readItems('path', proof.path, SIBLING_BYTES, () => ({
        hash: siblings.bytes(HASH_BYTES),
        sum: siblings.u64(),
    }));
    return { leaf, bucket, path };
}

function readItems<T>(name: string, bytes: Uint8Array, width: number, read: () => T): T[] {
    if (bytes.length % width !== 0) {
        throw new MarketplaceError('MKT_CORE__FIELD_LENGTH_WRONG', { field: name, length: bytes.length, unit: width });
    }
    return Array.from({ length: bytes.length / width }, read);
}
