import { getSettleDeliveryInstructions, type SlaSummary } from '@ocm/sdk';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    acceptOffer,
    commitDelivery,
    commitTree,
    cosignDelivery,
    createActiveContract,
    deliverEpoch,
    expectRefusal,
    type FundedTrade,
    fundContract,
    GOOD_SERVICE,
    mintTokens,
    readCommitment,
    readContract,
    registerSeller,
    send,
    settleDelivery,
    swapAccount,
    TEST_PARAMS,
    travel,
} from '../../support/index.js';

const MAX_COMPUTE_UNITS = 200_000;

describe('settle_delivery', () => {
    let trade: FundedTrade;

    beforeEach(async () => {
        trade = await createActiveContract();
    });

    /** Commits, co-signs and settles; returns the event. */
    const settle = async (overrides: Parameters<typeof commitDelivery>[1] = {}) => {
        const commitment = await commitDelivery(trade, overrides);
        await cosignDelivery(trade, commitment);
        const { events, computeUnits } = await settleDelivery(trade, commitment);
        const event = events.find(({ name }) => name === 'DeliverySettled');
        return { data: event?.data, computeUnits, commitment };
    };

    it('splits the net to the unit and leaves the dust to the treasury', async () => {
        // 123,456,789 bytes x 5,000 / 10^9 = floor(617.28) = 617; fee floor(12.34) = 12; rest 605.
        const { data, computeUnits, commitment } = await settle(commitTree([123_456_789n]));
        expect(data).toEqual({
            commitment: commitment.address,
            contract: trade.contract.address,
            epoch: 0,
            kind: 0,
            totalBytes: 123_456_789n,
            gross: 617n,
            topUp: 0n,
            penaltyBasisPoints: 0,
            penalty: 0n,
            net: 617n,
            feeBasisPoints: 200,
            fee: 12n,
            // floor(423.5), floor(151.25), floor(30.25)
            payouts: [423n, 151n, 30n, 0n, 0n, 0n, 0n, 0n],
            treasury: 13n,
            unlocked: 1_234n,
            slashed: 0n,
            historySize: 1n,
        });
        expect(await readContract(trade.market, trade.contract)).toMatchObject({
            owed: [423n, 151n, 30n, 0n, 0n, 0n, 0n, 0n, 13n],
            cumBytes: [123_456_789n, 0n, 0n],
            grossTotal: [617n, 0n, 0n],
            paidTotal: 617n,
            openGross: 0n,
            openCommitments: 0,
            settledCommitments: 1,
        });
        expect((await readCommitment(trade, commitment)).state).toBe('settled');
        console.info(`settle_delivery: ${computeUnits} compute units`);
        expect(computeUnits).toBeLessThan(MAX_COMPUTE_UNITS);
    });

    const breach = (overrides: Partial<SlaSummary>) => ({ slaSummary: { ...GOOD_SERVICE, ...overrides } });

    it('adds up the worst tier of each metric and rounds the penalty down', async () => {
        const { data } = await settle({
            ...commitTree([123_456_789n]),
            ...breach({ availabilityPpm: 989_999, errorPpm: 10_001 }),
        });
        // 15 % of 617 = floor(92.55)
        expect(data).toMatchObject({ penaltyBasisPoints: 1_500, penalty: 92n, net: 525n, fee: 10n });
        const next = await settle({
            epoch: 1,
            ...commitTree([123_800_000n]),
            ...breach({ availabilityPpm: 989_999, errorPpm: 10_001 }),
        });
        // 15 % of 619 = floor(92.85): one unit more of gross would make it 93.
        expect(next.data).toMatchObject({ gross: 619n, penalty: 92n, net: 527n });
    });

    it('never tops up a severe breach', async () => {
        const { data } = await settle({ ...commitTree([2_000_000n]), ...breach({ availabilityPpm: 949_999 }) });
        expect(data).toMatchObject({ gross: 10n, topUp: 0n, penaltyBasisPoints: 6_000, penalty: 6n, net: 4n });
    });

    it('tops up receipted unicast only, even when nothing was delivered', async () => {
        // rest 98: floor(68.6), floor(24.5), floor(4.9), dust 2
        const nothing = await settle(commitTree([]));
        expect(nothing.data).toMatchObject({ gross: 0n, topUp: 100n, net: 100n, fee: 2n, treasury: 4n });
        const cosigned = await settle({ epoch: 1, kind: 1, ...commitTree([1_000_000n]) });
        expect(cosigned.data).toMatchObject({ gross: 6n, topUp: 0n, net: 6n, unlocked: 0n });
    });

    it('pays an empty epoch that nobody co-signed nothing, and only once it can no longer be challenged', async () => {
        const commitment = await commitDelivery(trade, commitTree([]));
        await expectRefusal(settleDelivery(trade, commitment), 'settlement', 'ChallengeWindowOpen');
        travel(trade.market, TEST_PARAMS.challengeWindowSecs);
        const { events } = await settleDelivery(trade, commitment);
        expect(events[0]?.data).toMatchObject({ gross: 0n, topUp: 0n, net: 0n, treasury: 0n });
    });

    it('gives the same totals in either order of two settlements', async () => {
        const totals = [];
        for (const order of [
            [0, 1],
            [1, 0],
        ]) {
            const fresh = await createActiveContract();
            const commitments = [
                await commitDelivery(fresh, commitTree([33_333_333n])),
                await commitDelivery(fresh, { epoch: 1, ...commitTree([77_777_777n]) }),
            ];
            for (const commitment of commitments) await cosignDelivery(fresh, commitment);
            for (const place of order) {
                const commitment = commitments[place];
                if (commitment) await settleDelivery(fresh, commitment);
            }
            const { owed, paidTotal, penaltyTotal, grossTotal, historySize } = await readContract(
                fresh.market,
                fresh.contract,
            );
            totals.push({ owed, paidTotal, penaltyTotal, grossTotal, historySize });
        }
        expect(totals[0]).toEqual(totals[1]);
    });

    it('refuses what is not co-signed and what is settled already', async () => {
        const commitment = await commitDelivery(trade);
        await expectRefusal(settleDelivery(trade, commitment), 'settlement', 'CommitmentStateInvalid');
        await cosignDelivery(trade, commitment);
        await settleDelivery(trade, commitment);
        await expectRefusal(settleDelivery(trade, commitment), 'settlement', 'CommitmentStateInvalid');
    });

    it('refuses another contract and vault', async () => {
        const { market, contract, contentProvider, offer } = trade;
        const commitment = await commitDelivery(trade);
        await cosignDelivery(trade, commitment);
        const second = await fundContract(market, contentProvider, await acceptOffer(market, contentProvider, offer));
        const foreign = await getSettleDeliveryInstructions({ contract: second, commitment: commitment.address });
        await expectRefusal(send(market, foreign), 'settlement', 'WrongContract');
        const instructions = await getSettleDeliveryInstructions({ contract, commitment: commitment.address });
        const other = await registerSeller(market, { name: 'other seller' });
        const own = await mintTokens(market, { mint: market.mint, owner: other.owner.publicKey, amount: 1n });
        const wrongVault = swapAccount(instructions, contract.vault, own);
        await expectRefusal(send(market, wrongVault), 'settlement', 'WrongVault');
    });

    it('keeps settling epoch after epoch', async () => {
        for (const epoch of [0, 1, 2]) await deliverEpoch(trade, { epoch });
        expect(await readContract(trade.market, trade.contract)).toMatchObject({ historySize: 3n, paidTotal: 1_500n });
    });
});
