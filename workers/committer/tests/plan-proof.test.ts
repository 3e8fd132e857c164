import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { namedAddress } from '../../runtime/tests/support/sessions.js';
import { computeProofDeadline, computeProveFrom, MAX_REARMS, planProof } from '../src/plan-proof.js';
import type { Commitment } from '../src/ports.js';

const contract = { proveWindowSecs: 21_600 };
const always = { when: 'always' } as const;
const unlessCosigned = { when: 'unlessCosigned' } as const;

function createCommitment(change: Partial<Commitment> = {}): Commitment {
    return {
        address: namedAddress('commitment'),
        contract: namedAddress('contract'),
        epoch: 0,
        kind: 0,
        root: new Uint8Array(32),
        totalBytes: 100n,
        committedAt: 1_000n,
        seedTargetSlot: 500n,
        rearms: 0,
        seed: new Uint8Array(32),
        seededAt: 2_000n,
        samples: 4,
        inclusionBits: 0,
        evidenceBits: 0,
        openChallenges: 0,
        reportCount: 0,
        slaSource: 'seller',
        state: 'committed',
        deadline: 700_000n,
        closableAt: 8_000n,
        rentPayer: namedAddress('hot'),
        ...change,
    };
}

const at = (slot: bigint, nowSecs = 2_000) => ({ slot, nowSecs });

describe('planning a seed', () => {
    it.each([
        [500n, { do: 'nothing', why: 'seedNotReached' }],
        [501n, { do: 'seed' }],
        [1_011n, { do: 'seed' }],
        [1_012n, { do: 'lateSeed' }],
        [9_999n, { do: 'lateSeed' }],
    ])('at slot %s asks for %o, whatever is waited for', (slot, step) => {
        for (const policy of [always, unlessCosigned])
            expect(planProof(createCommitment(), contract, at(slot), policy)).toEqual(step);
    });

    it('knows when no seed can be drawn any more', () => {
        const commitment = createCommitment({ rearms: MAX_REARMS });
        expect(planProof(commitment, contract, at(1_012n), always)).toEqual({ do: 'nothing', why: 'rearmsExhausted' });
        expect(planProof(commitment, contract, at(1_011n), always)).toEqual({ do: 'seed' });
    });

    it.each([1, 3])('samples nothing of kind %i', (kind) => {
        const commitment = createCommitment({ kind: kind as Commitment['kind'] });
        expect(planProof(commitment, contract, at(600n), always)).toEqual({ do: 'nothing', why: 'notSampled' });
    });
});

describe('planning proofs', () => {
    const seeded = (change: Partial<Commitment> = {}) => createCommitment({ state: 'seeded', ...change });

    it('asks for exactly the samples whose evidence is missing', () => {
        expect(planProof(seeded({ evidenceBits: 0b0101 }), contract, at(600n), always)).toEqual({
            do: 'prove',
            missing: [1, 3],
        });
    });

    it('goes on at once with what it has begun', () => {
        const begun = seeded({ inclusionBits: 0b0001 });
        expect(planProof(begun, contract, at(600n), unlessCosigned)).toMatchObject({ do: 'prove' });
    });

    it('goes on after the deadline: what nobody has failed can still be proved', () => {
        const late = Number(computeProofDeadline(seeded(), contract)) + 1;
        expect(planProof(seeded(), contract, at(600n, late), unlessCosigned)).toMatchObject({ do: 'prove' });
    });

    it('waits as long as it is told, but never into the time that the proofs need', () => {
        fc.assert(
            fc.property(
                fc.integer({ min: 2, max: 86_400 }),
                fc.option(fc.nat(200_000)),
                (proveWindowSecs, patience) => {
                    const policy = { ...unlessCosigned, patienceSecs: patience ?? undefined };
                    const from = computeProveFrom({ seededAt: 2_000n }, { proveWindowSecs }, policy);
                    const left = 2_000 + proveWindowSecs - from;
                    expect(from).toBeGreaterThanOrEqual(2_000);
                    expect(left).toBeGreaterThanOrEqual(Math.min(60, proveWindowSecs / 2));
                    expect(left).toBeGreaterThanOrEqual(proveWindowSecs / 4);
                    if (patience !== null) expect(from).toBeLessThanOrEqual(2_000 + patience);
                },
            ),
        );
    });

    it.each(['proven', 'cosignedFinal', 'settled', 'failed', 'expired'] as const)('leaves %s ones alone', (state) => {
        expect(planProof(createCommitment({ state }), contract, at(600n), always)).toEqual({
            do: 'nothing',
            why: 'done',
        });
    });
});
