import { describe, expect, it } from 'vitest';
import { type Sight, walk } from './walk.js';

const ENDED = ['settled', 'failed', 'expired'];
const sum = (amounts: readonly bigint[]) => amounts.reduce((total, amount) => total + amount, 0n);

/** The contract's own books against the commitments that they are of. */
function expectBooks({ contract, seller, commitments, challenges, vaultBalance }: Sight): void {
    const settled = commitments.filter(({ state }) => state === 'settled');
    const open = commitments.filter(({ state }) => !ENDED.includes(state));
    expect(contract.paidTotal + contract.penaltyTotal).toBe(
        sum(settled.map(({ gross }) => gross)) + contract.topUpTotal,
    );
    expect(sum(contract.grossTotal)).toBe(sum(settled.map(({ gross }) => gross)));
    expect(contract.openGross).toBe(sum(open.map(({ gross }) => gross)));
    expect(contract.openCommitments).toBe(open.length);
    expect(contract.heldTotal).toBe(sum(challenges.map(({ payout }) => payout)));
    expect(vaultBalance).toBeGreaterThanOrEqual(sum(contract.owed) + contract.heldTotal + contract.openGross);
    // What a failure brings from the stake may pay for later deliveries too.
    expect(contract.paidTotal + contract.openGross).toBeLessThanOrEqual(contract.depositedTotal + seller.slashedTotal);
}

describe('INV-3, the books of a contract', () => {
    it('say exactly what its commitments were worth, and never more than was deposited', async () => {
        const seen = await walk(({ after }) => expectBooks(after), { seed: 3 });
        expect([...seen]).toEqual(expect.arrayContaining(['settled', 'failed', 'challenge closed']));
    });
});
