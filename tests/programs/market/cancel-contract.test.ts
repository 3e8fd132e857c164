import { fetchCapacityClaim, fetchOffer } from '@ocm/sdk';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    buildCancel,
    cancelContract,
    createProposedContract,
    endOf,
    expectRefusal,
    type FundedTrade,
    fundContract,
    postOffer,
    readContract,
    registerContentProvider,
    registerSeller,
    send,
    swapAccount,
    travelTo,
} from '../../support/index.js';

const MAX_COMPUTE_UNITS = 150_000;

describe('cancel_contract', () => {
    let trade: FundedTrade;

    beforeEach(async () => {
        trade = await createProposedContract();
    });

    it.each(['contentProvider', 'seller'] as const)(
        'lets the %s end a contract that never became active',
        async (side) => {
            const { market, claim, offer, contract } = trade;
            const { events, computeUnits } = await cancelContract(trade, trade[side].owner);
            expect(events.at(-1)).toEqual({
                program: 'market',
                name: 'ContractCancelled',
                data: {
                    contract: contract.address,
                    cancelledBy: trade[side].owner.publicKey,
                    offerRemainingAfter: 500_000n,
                },
            });
            expect((await readContract(market, contract)).state).toBe('cancelled');
            expect((await fetchCapacityClaim(market.connection, claim.address))?.committedKilobitsPerSecond).toBe(0n);
            expect((await fetchOffer(market.connection, offer.address))?.remainingKilobitsPerSecond).toBe(500_000n);
            console.info(`cancel_contract: ${computeUnits} compute units`);
            expect(computeUnits).toBeLessThan(MAX_COMPUTE_UNITS);
        },
    );

    it('is open to anyone once the time of the contract is over, not a second before', async () => {
        travelTo(trade.market, endOf(trade) - 1n);
        await expectRefusal(cancelContract(trade, trade.market.deployer), 'market', 'NotContractSide');
        travelTo(trade.market, endOf(trade));
        await cancelContract(trade, trade.market.deployer);
    });

    it('refuses a contract that is active or cancelled already', async () => {
        const other = await createProposedContract();
        await fundContract(other.market, other.contentProvider, other.contract);
        await expectRefusal(cancelContract(other), 'market', 'ContractStateInvalid');
        await cancelContract(trade);
        await expectRefusal(cancelContract(trade), 'market', 'ContractStateInvalid');
    });

    it('refuses other sides and another offer', async () => {
        const { market, contract, seller, contentProvider, claim } = trade;
        const instructions = await buildCancel(trade, contentProvider.owner);
        const buyer = await registerContentProvider(market, { name: 'other buyer' });
        const vendor = await registerSeller(market, { name: 'other seller' });
        const offer = await postOffer(market, seller, { claims: [claim.address], index: 1 });
        const swaps = [
            [contract.contentProvider, buyer.address, 'NotContentProvider'],
            [contract.seller, vendor.address, 'NotContractSeller'],
            [contract.offer, offer.address, 'WrongOffer'],
        ] as const;
        for (const [before, after, error] of swaps) {
            const swapped = swapAccount(instructions, before, after);
            await expectRefusal(send(market, swapped, [contentProvider.owner]), 'market', error);
        }
    });
});
