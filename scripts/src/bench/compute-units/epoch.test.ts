import { describe, expect, it } from 'vitest';
import { computeEpochFees } from './epoch.js';
import type { Figures } from './measurements.js';

function fees(byName: Record<string, number>): Figures {
    const figure = (value: number) => ({ first: value, typical: value, worst: value });
    const rest = { units: figure(1), transactionBytes: figure(1), rentLamports: figure(1) };
    return Object.fromEntries(
        Object.entries(byName).map(([name, fee]) => [`settlement.${name}`, { ...rest, feeLamports: figure(fee) }]),
    );
}

describe('computeEpochFees', () => {
    it('adds two inclusion and two evidence proofs to one of the rest', () => {
        const figures = fees({
            commit_delivery: 10_000,
            cosign_delivery: 1,
            seed_commitment: 5_000,
            prove_inclusion: 5_000,
            prove_evidence: 15_000,
            settle_delivery: 5_000,
        });
        expect(computeEpochFees(figures)).toEqual({ lamports: 60_000, missing: [] });
    });
    it('sums what there is and names what is missing', () => {
        const figures = fees({ commit_delivery: 10_000, settle_delivery: 5_000 });
        expect(computeEpochFees(figures)).toEqual({ lamports: 15_000, missing: ['seed', 'inclusion', 'evidence'] });
    });
    it('has no sum of nothing', () => {
        expect(computeEpochFees({}).lamports).toBeNull();
    });
});
