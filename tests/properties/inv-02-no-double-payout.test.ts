import { describe, expect, it } from 'vitest';
import { ownerBalance } from '../support/index.js';
import { type Outcome, walk } from './walk.js';

const TREASURY = 8;

describe('INV-2, no double payout', () => {
    it('a commitment is settled once, and a debt shrinks only by what its payee receives', async () => {
        /** What each payee had in the world that is looked at, by place. */
        let wallets: { world: object; balances: bigint[] } | undefined;
        const readWallets = async ({ world: { trade }, after: { contract } }: Outcome) =>
            Promise.all(
                contract.owed.map((_owed, place) => {
                    const payee = place === TREASURY ? contract.treasury : contract.splits[place]?.payee;
                    return payee === undefined ? 0n : ownerBalance(trade.market, trade.market.mint, payee);
                }),
            );

        const seen = await walk(
            async (outcome) => {
                const { world, step, before, after } = outcome;
                const balances = await readWallets(outcome);
                const known = wallets?.world === world ? wallets.balances : undefined;
                wallets = { world, balances };
                for (const [place, owedBefore] of before.contract.owed.entries()) {
                    const owedAfter = after.contract.owed[place] ?? 0n;
                    if (owedAfter >= owedBefore) continue;
                    expect(owedAfter).toBe(0n);
                    expect(step.action).toBe('withdraw');
                    if (known !== undefined) expect((balances[place] ?? 0n) - (known[place] ?? 0n)).toBe(owedBefore);
                }
                // What is settled stays so, and each settlement is of one commitment.
                for (const { address, state } of before.commitments) {
                    if (state !== 'settled') continue;
                    expect(after.commitments.find((each) => each.address.equals(address))?.state).toBe('settled');
                }
                const settled = after.commitments.filter(({ state }) => state === 'settled').length;
                expect(after.contract.settledCommitments).toBe(settled);
            },
            { seed: 2 },
        );
        expect([...seen]).toContain('settled');
    });
});
