import { concatBytes, equalBytes, fromBase64, fromHex, toHex } from '../core/bytes.js';
import { HASH_BYTES } from '../core/hash.js';
import { decodeLeaf } from '../core/leaf.js';
import { logFieldId } from '../core/log-fields.js';
import { commitField } from '../core/record-commitment.js';
import { verifyAuditPath } from '../core/record-tree.js';
import { buildSettlementTree } from '../core/settlement-tree.js';
import type { CommitmentManifest } from '../http/committer.js';
import type { FieldProof, LeafProof } from '../http/logs.js';
import { type CommittedRoot, holds, isLeafInRoot } from './leaf-in-root.js';

/** Each step of the proof by itself, so that a failure names its place. */
export interface FieldProofVerdict {
    /** Name, value and salt open the commitment at their place in the record. */
    readonly fieldInRecord: boolean;
    /** The record's commitments are an entry of the session's log tree, whose head stands in the leaf. */
    readonly recordInLeaf: boolean;
    /** The leaf is the session's, and in the settlement tree whose root, total and depth stand on chain. */
    readonly leafInRoot: boolean;
    readonly verified: boolean;
}

/**
 * Proves one field of one log record up to a root on chain; of the record's other fields it needs, and shows, nothing but
 * salted hashes (security 3.3). Never throws: a proof that does not parse proves nothing.
 *
 * @example
 * const settlement = findLeafProof(manifest, proof.session);
 * const { verified } = verifyFieldProof(proof, settlement, await fetchDeliveryCommitment(connection, address));
 */
export function verifyFieldProof(
    proof: FieldProof,
    settlement: LeafProof,
    committed: CommittedRoot,
): FieldProofVerdict {
    const fieldInRecord = holds(() => isFieldInRecord(proof));
    const recordInLeaf = holds(() => isRecordInLeaf(proof));
    const leafInRoot = holds(() => isOwnLeaf(proof) && isLeafInRoot(proof.leaf, settlement, committed));
    return { fieldInRecord, recordInLeaf, leafInRoot, verified: fieldInRecord && recordInLeaf && leafInRoot };
}

/**
 * The way of a session's leaf to the root, from the manifest that a committer has to publish (protocol 6.8).
 * Throws MKT_CORE__TREE_KEY_UNKNOWN for a session that is not in it, MKT_CORE__* for a malformed manifest.
 */
export function findLeafProof(
    { sessions, depth }: Pick<CommitmentManifest, 'sessions' | 'depth'>,
    session: string,
): LeafProof {
    const leaves = sessions.map(({ leaf }) => decodeLeaf(fromBase64(leaf)));
    const tree = buildSettlementTree(leaves, { depth });
    const { bucket, path } = tree.prove(fromHex(session));
    return {
        bucket: bucket.map(({ key, leafHash, bytes }) => ({
            key: toHex(key),
            leafHash: toHex(leafHash),
            bytes: bytes.toString(),
        })),
        path: path.map(({ hash, sum }) => ({ hash: toHex(hash), sum: sum.toString() })),
    };
}

function isFieldInRecord({ field, commitments, position }: FieldProof): boolean {
    return toHex(commitField(fromHex(field.salt), logFieldId(field.name), field.value)) === commitments[position];
}

function isRecordInLeaf(proof: FieldProof): boolean {
    const commitments = proof.commitments.map(fromHex);
    if (commitments.some(({ length }) => length !== HASH_BYTES)) return false;
    return verifyAuditPath({
        root: decodeLeaf(fromBase64(proof.leaf)).logRoot,
        index: proof.recordIndex,
        size: proof.recordCount,
        entry: concatBytes(...commitments),
        path: proof.auditPath.map(fromHex),
    });
}

function isOwnLeaf({ leaf, session }: FieldProof): boolean {
    return equalBytes(decodeLeaf(fromBase64(leaf)).tokenHash, fromHex(session));
}
