import type { SlaSummary } from '../protocol/sla.js';

/** A commitment as its transactions leave it; names are those of the account. */
export type CommitmentBooks = {
    version: number;
    bump: number;
    contract: string;
    epoch: number;
    kind: number;
    root: string;
    depth: number;
    leafCount: number;
    totalBytes: bigint;
    manifestHash: string;
    slaSummary: SlaSummary;
    gross: bigint;
    lock: bigint;
    committedSlot: bigint;
    committedAt: bigint;
    seedTargetSlot: bigint;
    rearms: number;
    seed: string;
    samples: number;
    inclusionBits: number;
    evidenceBits: number;
    sampleLeaves: string[];
    openChallenges: number;
    failReason: number;
    state: string;
    rentPayer: string;
    deadline: bigint;
    closableAt: bigint;
    seededAt: bigint;
    slaSource: string;
    freeChallenges: number;
    challengeCount: number;
    reportCount: number;
};

export type ChallengeBooks = {
    commitment: string;
    challenger: string;
    beneficiary: string;
    target: bigint;
    bond: bigint;
    payout: bigint;
    state: 'open' | 'included' | 'answered' | 'won';
    leafHash: string;
};

/** One settlement as it was recomputed. */
export type SettlementLine = {
    topUp: bigint;
    penaltyBasisPoints: number;
    penalty: bigint;
    net: bigint;
    fee: bigint;
    payouts: bigint[];
    treasury: bigint;
    slashed: bigint;
};
