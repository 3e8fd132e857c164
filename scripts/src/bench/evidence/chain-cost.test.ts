import { describe, expect, it } from 'vitest';
import type { Figures } from '../compute-units/measurements.js';
import { computeChainCost } from './chain-cost.js';

const figure = (value: number) => ({ first: value, typical: value, worst: value });
function figuresOf(fees: Record<string, number>): Figures {
    const rest = { units: figure(1), transactionBytes: figure(1), rentLamports: figure(9) };
    return Object.fromEntries(
        Object.entries(fees).map(([name, fee]) => [`settlement.${name}`, { ...rest, feeLamports: figure(fee) }]),
    );
}
const FEES = {
    commit_delivery: 5_000,
    seed_commitment: 5_000,
    prove_inclusion: 5_000,
    prove_evidence: 15_000,
    settle_delivery: 5_000,
};

describe('computeChainCost', () => {
    it('multiplies commitments of a day by the fees of one with eight samples', () => {
        const input = { figures: figuresOf(FEES), recordsPerSession: 500, sessionsPerCommitment: 1_000 };
        expect(computeChainCost(input)).toEqual({ sol: 0.35, commitments: 2_000, lamportsPerCommitment: 175_000 });
    });
    it('counts a commitment that is not full', () => {
        const input = { figures: figuresOf(FEES), recordsPerSession: 3, sessionsPerCommitment: 1_000_000 };
        expect(computeChainCost(input).commitments).toBe(334);
    });
    it('has no cost when the baseline lacks an instruction', () => {
        const { seed_commitment: _, ...without } = FEES;
        const input = { figures: figuresOf(without), recordsPerSession: 500, sessionsPerCommitment: 1_000 };
        expect(computeChainCost(input)).toMatchObject({ sol: null, lamportsPerCommitment: null });
    });
});
