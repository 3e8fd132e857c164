import { fromBase64, fromHex } from '../core/bytes.js';
import { decodeLeaf } from '../core/leaf.js';
import { logFieldId } from '../core/log-fields.js';
import { encodeRecord } from '../core/record-commitment.js';
import { verifyAuditPath } from '../core/record-tree.js';
import type { RecordProof } from '../http/committer.js';
import { type CommittedRoot, holds, isLeafInRoot } from './leaf-in-root.js';

export type { CommittedRoot } from './leaf-in-root.js';

/** Each step of the proof by itself, so that a failure names its place. */
export interface RecordProofVerdict {
    /** The record's salted fields are an entry of the session's log tree, whose head stands in the leaf. */
    readonly recordInLeaf: boolean;
    /** The leaf is in the settlement tree whose root, total and depth stand on chain. */
    readonly leafInRoot: boolean;
    readonly verified: boolean;
}

/**
 * Proves one log record up to a root on chain (security 3.3, protocol 6.5): fields and salts → record → RFC 9162 audit path
 * → `log_root` of the leaf → bucketed keyed Merkle-sum path → root.
 *
 * Never throws: a proof that does not parse proves nothing.
 *
 * @example
 * const commitment = await fetchDeliveryCommitment(connection, address);
 * const { verified } = verifyRecordProof(recordProof.parse(await response.json()), commitment);
 */
export function verifyRecordProof(proof: RecordProof, committed: CommittedRoot): RecordProofVerdict {
    const recordInLeaf = holds(() => isRecordInLeaf(proof));
    const leafInRoot = holds(() => isLeafInRoot(proof.leaf, proof, committed));
    return { recordInLeaf, leafInRoot, verified: recordInLeaf && leafInRoot };
}

function isRecordInLeaf(proof: RecordProof): boolean {
    const entry = encodeRecord(
        proof.record.fields.map(({ name, value, salt }) => ({ fieldId: logFieldId(name), value, salt: fromHex(salt) })),
    );
    return verifyAuditPath({
        root: decodeLeaf(fromBase64(proof.leaf)).logRoot,
        index: proof.recordIndex,
        size: proof.recordCount,
        entry,
        path: proof.auditPath.map(fromHex),
    });
}
