import type { Params } from '@ocm/sdk';
import type { TreeSpec } from './sessions.js';
import type { ChallengeState, CommitmentState } from './state.js';
import type { Summary } from './terms.js';

export interface Commitment {
    readonly contract: string;
    readonly epoch: number;
    readonly kind: number;
    readonly bytes: bigint;
    readonly root: Uint8Array;
    /** Of its contract. */
    readonly params: Params;
    /** What the root is made of; null for a root that no tree has. */
    readonly tree: TreeSpec | null;
    readonly gross: bigint;
    readonly lock: bigint;
    readonly committedAt: number;
    readonly deadline: number;
    readonly closableAt: number;
    summary: Summary;
    /** Whose word the summary is: the seller's, the content provider's or the auditors'. */
    slaSource: 0 | 1 | 2;
    state: CommitmentState;
    samples: number;
    seedTarget: number;
    rearms: number;
    seed: Uint8Array;
    seededAt: number;
    /** Hashes of the leaves proved so far, by sample. */
    included: (Uint8Array | null)[];
    evidenced: number;
    openChallenges: number;
    freeChallenges: number;
    challengeCount: number;
    reportCount: number;
    failReason: number;
}

export interface Challenge {
    readonly commitment: string;
    readonly index: number;
    /** Names of wallets. */
    readonly challenger: string;
    beneficiary: string;
    readonly target: bigint;
    readonly bond: bigint;
    payout: bigint;
    readonly deadline: number;
    state: ChallengeState;
    leafHash: Uint8Array;
}

export interface Report {
    readonly commitment: string;
    readonly auditor: string;
    readonly summary: Summary;
}
