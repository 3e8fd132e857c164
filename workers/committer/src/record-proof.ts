import { failure } from '@ocm/runtime';
import {
    buildSettlementTree,
    computeAuditPath,
    decodeLeaf,
    fromBase64,
    fromHex,
    hashToken,
    toHex,
} from '@ocm/sdk/core';
import type { CommitmentManifest, RecordProof } from '@ocm/sdk/http';
import { encodeRecords } from './check-evidence.js';
import type { CommitmentStore } from './store.js';

export type ProofRequest = { commitment: string; tokenHash: string; recordIndex: number };

/**
 * One log record up to the root on chain: salted fields → RFC 9162 audit path → `log_root` in the leaf → settlement tree.
 * Rebuilt from the stored evidence at each request.
 * @throws MKT_COMMITTER__COMMITMENT_UNKNOWN, _SESSION_UNKNOWN, _RECORD_UNKNOWN
 */
export async function buildRecordProof(store: CommitmentStore, request: ProofRequest): Promise<RecordProof> {
    const { commitment, tokenHash, recordIndex } = request;
    const manifest = await store.readManifest(commitment);
    if (manifest === null)
        throw failure(
            'MKT_COMMITTER__COMMITMENT_UNKNOWN',
            `commitment ${commitment} was not made here; see the list of commitments`,
        );
    const session = findSession(manifest, tokenHash);
    const evidence = await store.readEvidence(commitment, session.node);
    const stored = evidence?.sessions.find(
        (candidate) => candidate.token === session.token && candidate.receipt === session.receipt,
    );
    const record = stored?.records[recordIndex];
    if (stored === undefined || record === undefined)
        throw failure(
            'MKT_COMMITTER__RECORD_UNKNOWN',
            `session ${tokenHash} has ${stored?.records.length ?? 0} records, none at index ${recordIndex}`,
        );
    const leaves = manifest.sessions.map((one) => decodeLeaf(fromBase64(one.leaf)));
    const tree = buildSettlementTree(leaves, { depth: manifest.depth });
    const { bucket, path } = tree.prove(fromHex(tokenHash));
    return {
        commitment,
        record: { fields: record.fields },
        recordIndex,
        recordCount: stored.records.length,
        auditPath: computeAuditPath(encodeRecords(stored), recordIndex).map(toHex),
        leaf: session.leaf,
        bucket: bucket.map(({ key, leafHash, bytes }) => ({
            key: toHex(key),
            leafHash: toHex(leafHash),
            bytes: bytes.toString(),
        })),
        path: path.map(({ hash, sum }) => ({ hash: toHex(hash), sum: sum.toString() })),
    };
}

function findSession(manifest: CommitmentManifest, tokenHash: string): CommitmentManifest['sessions'][number] {
    const session = manifest.sessions.find(({ token }) => toHex(hashToken(fromBase64(token))) === tokenHash);
    if (session !== undefined) return session;
    throw failure(
        'MKT_COMMITTER__SESSION_UNKNOWN',
        `commitment ${manifest.commitment} holds no session with token ${tokenHash}`,
    );
}
