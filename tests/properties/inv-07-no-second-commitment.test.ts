import { type DeliveryCommitment, getCloseCommitmentInstructions, type WithAddress } from '@ocm/sdk';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
    commitDelivery,
    commitTree,
    cosignDelivery,
    createActiveContract,
    expectRefusal,
    type FundedTrade,
    failCommitment,
    nowSecs,
    refusalOf,
    seedCommitment,
    send,
    settleDelivery,
    travelTo,
} from '../support/index.js';

type Commitment = WithAddress<DeliveryCommitment>;
/** What refuses a second commitment: the account that stands, the epoch's books, or the time. */
const REFUSALS = ['AccountAlreadyInUse', 'EpochCommitted', 'EpochOutOfOrder', 'CommitTooLate'];

async function settle(trade: FundedTrade, commitment: Commitment): Promise<void> {
    await cosignDelivery(trade, commitment);
    await settleDelivery(trade, commitment);
}

/** Lets the proofs of a commitment come too late. */
async function fail(trade: FundedTrade, commitment: Commitment): Promise<void> {
    const drawn = await seedCommitment({ trade, commitment, tree: undefined as never, sessions: [] });
    travelTo(trade.market, drawn.commitment.seededAt + BigInt(trade.contract.proveWindowSecs) + 1n);
    await failCommitment(drawn);
}

describe('INV-7, what was committed once', () => {
    it('is never committed again, however it ended, not even when its account is closed', async () => {
        const ends = fc.array(fc.record({ fails: fc.boolean(), kind: fc.constantFrom(0 as const, 2 as const) }), {
            minLength: 2,
            maxLength: 3,
        });
        await fc.assert(
            fc.asyncProperty(ends, async (plan) => {
                const trade = await createActiveContract({ contract: { epochCount: 30 } });
                const { market } = trade;
                for (const [place, { fails, kind }] of plan.entries()) {
                    // Far enough apart for each to be committed in its time, whatever became of the one before.
                    const input = { epoch: place * 10, kind, ...commitTree([1_000_000n]) };
                    const again = async () => REFUSALS.includes((await refusalOf(commitDelivery(trade, input))).name);
                    const commitment = await commitDelivery(trade, input);
                    expect(await again()).toBe(true);
                    await (fails ? fail : settle)(trade, commitment);
                    expect(await again()).toBe(true);
                    const close = await getCloseCommitmentInstructions({ commitment });
                    if (!fails) await expectRefusal(send(market, close), 'settlement', 'CommitWindowOpen');
                    if (nowSecs(market) <= commitment.closableAt) travelTo(market, commitment.closableAt + 1n);
                    await send(market, close);
                    expect(await again()).toBe(true);
                }
            }),
            { numRuns: 2, seed: 7 },
        );
    });
});
