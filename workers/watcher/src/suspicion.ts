import { z } from 'zod';

/**
 * Why something is wrong. Challenged are those that a seller cannot prove; the others are reported, for people to judge.
 *
 * | code | what | challenged |
 * | --- | --- | --- |
 * | LEAF_FORGED | a leaf without a valid token and receipt behind it | its own bytes |
 * | MANIFEST_WITHHELD | no manifest, or another than was committed | random bytes |
 * | TREE_UNBACKED | the manifest's leaves do not give root, total or count | random bytes |
 * | NODE_UNSOLD | a node of the seller delivered that the contract has not bought | no |
 * | RECEIPT_OMITTED | a receipt that we hold is in no leaf | no |
 * | RECEIPT_UNDERCUT | a leaf has fewer bytes than a receipt that we hold | no |
 * | CLIENT_KEY_SHARED | sessions of one client key: keys are made anew for each token | no |
 * | SELF_DEALING | buyer and seller, or a viewer and one of them, share a key | no |
 */
export const reasonCode = z.enum([
    'LEAF_FORGED',
    'MANIFEST_WITHHELD',
    'TREE_UNBACKED',
    'NODE_UNSOLD',
    'RECEIPT_OMITTED',
    'RECEIPT_UNDERCUT',
    'CLIENT_KEY_SHARED',
    'SELF_DEALING',
]);
export type ReasonCode = z.infer<typeof reasonCode>;

export type Suspicion = {
    reason: ReasonCode;
    /** What is wrong, in words, naming the session. */
    detail: string;
    /** Token hash of the session, hexadecimal; null for the commitment as a whole. */
    session: string | null;
    /** First byte of the bad leaf among all that the tree covers; null where no single leaf is meant. */
    target: bigint | null;
};

export const about = (reason: ReasonCode, detail: string, session: string | null = null): Suspicion => ({
    reason,
    detail,
    session,
    target: null,
});

const CHALLENGED: readonly ReasonCode[] = ['LEAF_FORGED', 'MANIFEST_WITHHELD', 'TREE_UNBACKED'];
export const isChallengeable = ({ reason }: Suspicion): boolean => CHALLENGED.includes(reason);

/** What is kept of each suspicion: the file behind a challenge, and the answer of the HTTP interface. */
export const finding = z.object({
    id: z.string(),
    reason: reasonCode,
    detail: z.string(),
    contract: z.string(),
    commitment: z.string(),
    epoch: z.number().int(),
    kind: z.number().int(),
    root: z.string(),
    totalBytes: z.string(),
    manifestHash: z.string(),
    session: z.string().nullable(),
    /** Token, receipt and leaf with their signatures as the operator served them: anyone can judge them again. */
    evidence: z.record(z.string(), z.string()).nullable(),
    /** Address of the challenge on chain; null for what is only reported. */
    challenge: z.string().nullable(),
    target: z.string().nullable(),
    observedAtSecs: z.number().int(),
});
export type Finding = z.infer<typeof finding>;
