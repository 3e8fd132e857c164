import { z } from 'zod';
import { recordPage, signedSession } from './node.js';
import { address, base64Of, hash32, LEAF_BYTES, u64String } from './primitives.js';

/** HTTP interface of an operator's committer: what stands behind each commitment (protocol 6.8, data duty). */
export const COMMITMENTS_PATH = '/v1/commitments';
/** `GET`, answer `committerStatus`: what the worker has done since it started and what it cannot do. */
export const COMMITTER_STATUS_PATH = '/v1/status';

export const commitmentManifest = z.object({
    commitment: address,
    contract: address,
    epoch: z.number().int(),
    kind: z.number().int().min(0).max(2),
    root: hash32,
    depth: z.number().int(),
    leafCount: z.number().int(),
    totalBytes: u64String,
    manifestHash: hash32,
    sessions: z.array(signedSession.extend({ node: address })),
    /** Kind 1 only: what each node served without a receipt (`buildUnsignedLeaf`). */
    unsigned: z.array(z.object({ node: address, bytes: u64String })).optional(),
});
export type CommitmentManifest = z.infer<typeof commitmentManifest>;
export const commitmentList = z.object({
    commitments: z.array(
        z.object({
            commitment: address,
            contract: address,
            epoch: z.number().int(),
            kind: z.number().int(),
            root: hash32,
            totalBytes: u64String,
        }),
    ),
});
export type CommitmentList = z.infer<typeof commitmentList>;

/**
 * `GET COMMITMENTS_PATH/:commitment/proofs/:tokenHash/:recordIndex`: proves one log record up to the root on chain.
 * record fields + salts → record commitment → RFC 9162 audit path → `log_root` in LEAF → bucketed keyed Merkle-sum path → root.
 */
export const recordProof = z.object({
    commitment: address,
    record: z.object({ fields: z.array(z.object({ name: z.string(), value: z.string(), salt: z.string() })) }),
    recordIndex: z.number().int(),
    recordCount: z.number().int(),
    auditPath: z.array(hash32),
    leaf: base64Of(LEAF_BYTES),
    bucket: z.array(z.object({ key: hash32, leafHash: hash32, bytes: u64String })),
    path: z.array(z.object({ hash: hash32, sum: u64String })),
});
export type RecordProof = z.infer<typeof recordProof>;

/**
 * `GET COMMITMENTS_PATH/:commitment/records/:tokenHash?from=&limit=`: the records of one session, page by page, each page
 * proved by `log_root` of the session's leaf (`verifyRange`). The committer keeps no records: it asks the session's node, and
 * answers 503 while that is away, 410 once it has erased them.
 */
export const committedRecords = recordPage.omit({ contract: true, epoch: true }).extend({ commitment: address });
export type CommittedRecords = z.infer<typeof committedRecords>;

export const committerStatus = z.object({
    /** The seller's participant account. */
    participant: address,
    /** Commitments on chain that are not closed yet, by their state. */
    commitmentsByState: z.record(z.string(), z.number().int()),
    samplesProven: z.number().int(),
    challengesAnswered: z.number().int(),
    withdrawals: z.number().int(),
    /** What the wallets that pay for transactions have left. */
    walletLamports: z.record(z.string(), z.number().int()),
    /** Accounts with which the worker cannot go on, and why. */
    troubles: z.array(z.object({ account: address, code: z.string(), message: z.string() })),
});
export type CommitterStatus = z.infer<typeof committerStatus>;
