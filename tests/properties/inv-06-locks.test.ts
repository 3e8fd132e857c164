import { describe, expect, it } from 'vitest';
import { type Outcome, walk } from './walk.js';

const ENDED = ['settled', 'failed', 'expired'];

function expectLocks({ before, after }: Outcome): void {
    const { contract, seller, commitments } = after;
    const open = commitments.filter(({ state }) => !ENDED.includes(state));
    const locked = open.reduce((sum, { lock }) => sum + lock, 0n);
    expect(contract.bondTotal).toBe(contract.bondFree + locked);
    expect(seller.stakeLocked).toBe(contract.bondTotal + contract.slashPending);

    // What a step slashed is a part of what was locked for what failed in it.
    const slashed = seller.slashedTotal - before.seller.slashedTotal;
    const failed = commitments.filter(
        ({ address, state }) =>
            state === 'failed' && before.commitments.find((each) => each.address.equals(address))?.state !== 'failed',
    );
    const atStake = failed.reduce((sum, { lock }) => sum + lock, 0n);
    expect(slashed).toBeLessThanOrEqual(atStake);
    if (failed.some(({ lock }) => lock >= 4n)) expect(slashed).toBeGreaterThan(0n);
}

describe('INV-6, what is locked', () => {
    it('is exactly what stands behind open commitments, and no more than that is ever slashed', async () => {
        const seen = await walk(expectLocks, { seed: 6 });
        expect([...seen]).toEqual(expect.arrayContaining(['settled', 'failed']));
    });
});
