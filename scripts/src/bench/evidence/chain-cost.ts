import { MAX_SAMPLES } from '@ocm/sdk/core';
import { computeEpochFees } from '../compute-units/epoch.js';
import type { Figures } from '../compute-units/measurements.js';

const LAMPORTS_PER_SOL = 1_000_000_000;
const RECORDS_PER_DAY = 1_000_000_000;

export interface ChainCostInput {
    /** The committed baseline: typical fees of every instruction. */
    figures: Figures;
    recordsPerSession: number;
    /** Of one contract's epoch. */
    sessionsPerCommitment: number;
}
export interface ChainCost {
    /** Null when the baseline lacks an instruction. */
    sol: number | null;
    commitments: number;
    lamportsPerCommitment: number | null;
}

/** Fees of a day of 10^9 records when no commitment is co-signed, each sampled as often as can be. Rent is lent, not spent. */
export function computeChainCost({ figures, recordsPerSession, sessionsPerCommitment }: ChainCostInput): ChainCost {
    const commitments = Math.ceil(RECORDS_PER_DAY / (recordsPerSession * sessionsPerCommitment));
    const { lamports, missing } = computeEpochFees(figures, MAX_SAMPLES);
    const lamportsPerCommitment = missing.length > 0 ? null : lamports;
    const sol = lamportsPerCommitment === null ? null : (commitments * lamportsPerCommitment) / LAMPORTS_PER_SOL;
    return { sol, commitments, lamportsPerCommitment };
}
