import type { Contract, DeliveryCommitment, WithAddress } from '@ocm/sdk';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
    commitDelivery,
    commitTree,
    cosignDelivery,
    createActiveContract,
    type FundedTrade,
    readContract,
    settleDelivery,
    startTestCluster,
} from '../support/index.js';

const EPOCHS = 4;

/** Deliveries that are all agreed and none settled. */
async function createAgreed(megabytes: readonly number[]) {
    const trade = await createActiveContract({ funding: 10_000_000n, contract: { epochCount: EPOCHS } });
    const commitments: WithAddress<DeliveryCommitment>[] = [];
    for (const [epoch, size] of megabytes.entries()) {
        const tree = commitTree([BigInt(size) * 1_000_000n + 1n]);
        const commitment = await commitDelivery(trade, { epoch, ...tree });
        await cosignDelivery(trade, commitment);
        commitments.push(commitment);
    }
    return { trade, commitments };
}

/** Settles in an order, on a copy of the chain. */
async function settleInOrder(
    trade: FundedTrade,
    commitments: readonly WithAddress<DeliveryCommitment>[],
): Promise<WithAddress<Contract>> {
    const copy = await startTestCluster(trade.market.cluster.snapshot());
    const market = { ...trade.market, ...copy };
    for (const commitment of commitments) await settleDelivery({ ...trade, market }, commitment);
    const contract = await readContract(market, trade.contract);
    await copy.cluster.close();
    return contract;
}

/** All that is money, or counts; the history alone keeps the order. */
const totalsOf = (contract: Contract) => {
    const { owed, paidTotal, penaltyTotal, topUpTotal, grossTotal, openGross, cumBytes } = contract;
    const { bondTotal, bondFree, slashPending, settledCommitments, historySize } = contract;
    const money = { owed, paidTotal, penaltyTotal, topUpTotal, grossTotal, openGross, cumBytes };
    return { ...money, bondTotal, bondFree, slashPending, settledCommitments, historySize };
};

describe('INV-5, the order of settlements', () => {
    it('changes no amount, and what rounding leaves is less than a unit for each payee', async () => {
        const sizes = fc.array(fc.nat(240), { minLength: EPOCHS, maxLength: EPOCHS });
        const orders = fc.shuffledSubarray([0, 1, 2, 3], { minLength: EPOCHS, maxLength: EPOCHS });
        await fc.assert(
            fc.asyncProperty(sizes, orders, async (megabytes, order) => {
                const { trade, commitments } = await createAgreed(megabytes);
                const inOrder = await settleInOrder(trade, commitments);
                const shuffled = await settleInOrder(
                    trade,
                    order.map((place) => commitments[place]!),
                );
                expect(totalsOf(shuffled)).toEqual(totalsOf(inOrder));

                const earned = commitments.map(({ gross }) => (gross < 100n ? 100n : gross));
                const fees = earned.reduce((sum, net) => sum + (net * 200n) / 10_000n, 0n);
                const dust = (inOrder.owed[8] ?? 0n) - fees;
                expect(dust).toBeGreaterThanOrEqual(0n);
                expect(dust).toBeLessThan(BigInt(EPOCHS * inOrder.splits.length));
                expect(inOrder.owed.reduce((sum, owed) => sum + owed, 0n)).toBe(inOrder.paidTotal);
            }),
            { numRuns: 4, seed: 5 },
        );
    });
});
