import { fetchCapacityClaim, fetchOffer } from '@ocm/sdk';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    beginClosing,
    buildBeginClosing,
    commitDelivery,
    cosignDelivery,
    createActiveContract,
    deliverEpoch,
    endOf,
    expectRefusal,
    type FundedTrade,
    finishContract,
    postOffer,
    readContract,
    registerContentProvider,
    registerSeller,
    send,
    settleDelivery,
    swapAccount,
    travelTo,
} from '../../support/index.js';

const MAX_COMPUTE_UNITS = 150_000;

describe('begin_closing', () => {
    let trade: FundedTrade;

    beforeEach(async () => {
        trade = await createActiveContract();
    });

    it('frees the capacity after the last epoch, not a second before, for anyone', async () => {
        const { market, contract, claim, offer } = trade;
        travelTo(market, endOf(trade) - 1n);
        await expectRefusal(beginClosing(trade), 'market', 'ContractNotOver');
        travelTo(market, endOf(trade));
        const { events, computeUnits } = await beginClosing(trade);
        expect(events.at(-1)).toEqual({
            program: 'market',
            name: 'ContractClosingBegun',
            data: { contract: contract.address, stateBefore: 'active', offerRemainingAfter: 500_000n },
        });
        expect((await readContract(market, contract)).state).toBe('closing');
        expect((await fetchCapacityClaim(market.connection, claim.address))?.committedKilobitsPerSecond).toBe(0n);
        expect((await fetchOffer(market.connection, offer.address))?.remainingKilobitsPerSecond).toBe(500_000n);
        console.info(`begin_closing: ${computeUnits} compute units`);
        expect(computeUnits).toBeLessThan(MAX_COMPUTE_UNITS);
    });

    it('happens once', async () => {
        travelTo(trade.market, endOf(trade));
        await beginClosing(trade);
        await expectRefusal(beginClosing(trade), 'market', 'ContractStateInvalid');
    });

    it('leaves the last deliveries to be committed, co-signed and settled', async () => {
        travelTo(trade.market, endOf(trade));
        await beginClosing(trade);
        const contract = await deliverEpoch(trade, { epoch: 2 });
        expect(contract).toMatchObject({ state: 'closing', settledCommitments: 1, grossTotal: [500n, 0n, 0n] });
    });

    it('refuses accounts of another contract', async () => {
        const { market, contract, seller, claim } = trade;
        travelTo(market, endOf(trade));
        const instructions = await buildBeginClosing(trade);
        const buyer = await registerContentProvider(market, { name: 'other buyer' });
        const vendor = await registerSeller(market, { name: 'other seller' });
        const offer = await postOffer(market, seller, { claims: [claim.address], index: 1 });
        const swaps = [
            [contract.contentProvider, buyer.address, 'NotContentProvider'],
            [contract.seller, vendor.address, 'NotContractSeller'],
            [contract.offer, offer.address, 'WrongOffer'],
            [claim.address, offer.address, 'ClaimMismatch'],
            [trade.node.address, buyer.address, 'NodeMismatch'],
        ] as const;
        for (const [before, after, error] of swaps) {
            await expectRefusal(send(market, swapAccount(instructions, before, after)), 'market', error);
        }
    });
});

describe('finish_contract', () => {
    it('settles the contract when its window has ended', async () => {
        const trade = await createActiveContract();
        await deliverEpoch(trade);
        travelTo(trade.market, endOf(trade));
        await expectRefusal(finishContract(trade), 'market', 'ContractStateInvalid');
        await beginClosing(trade);
        travelTo(trade.market, endOf(trade) + 299n);
        await expectRefusal(finishContract(trade), 'market', 'SettleWindowOpen');
        travelTo(trade.market, endOf(trade) + 300n);
        const { events } = await finishContract(trade);
        expect(events).toEqual([
            {
                program: 'market',
                name: 'ContractSettled',
                data: {
                    contract: trade.contract.address,
                    paidTotal: 500n,
                    penaltyTotal: 0n,
                    owedTotal: 500n,
                    settledCommitments: 1,
                },
            },
        ]);
    });

    it('refuses while a commitment is open', async () => {
        const trade = await createActiveContract();
        const commitment = await commitDelivery(trade);
        await cosignDelivery(trade, commitment);
        travelTo(trade.market, endOf(trade) + 300n);
        await beginClosing(trade);
        await expectRefusal(finishContract(trade), 'market', 'CommitmentsOpen');
        await settleDelivery(trade, commitment);
        await finishContract(trade);
    });
});
