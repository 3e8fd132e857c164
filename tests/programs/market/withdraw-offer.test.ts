import { fetchOffer, getAcceptOfferInstructions, getWithdrawOfferInstructions } from '@ocm/sdk';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    acceptInput,
    createTestOffer,
    expectRefusal,
    registerSeller,
    send,
    swapAccount,
    type TestTrade,
} from '../../support/index.js';

describe('withdraw_offer', () => {
    let trade: TestTrade;

    beforeEach(async () => {
        trade = await createTestOffer();
    });

    const instructions = (owner = trade.seller.owner.publicKey) =>
        getWithdrawOfferInstructions({ owner, offer: trade.offer.address });
    const withdraw = async () => send(trade.market, await instructions(), [trade.seller.owner]);

    it('ends the offer', async () => {
        const { events } = await withdraw();
        expect(events).toEqual([
            {
                program: 'market',
                name: 'OfferWithdrawn',
                data: { offer: trade.offer.address, remainingKilobitsPerSecond: 500_000n },
            },
        ]);
        expect(await fetchOffer(trade.market.connection, trade.offer.address)).toMatchObject({ status: 'withdrawn' });
        const { market, contentProvider, offer } = trade;
        const purchase = await getAcceptOfferInstructions(await acceptInput(market, contentProvider, offer));
        await expectRefusal(send(market, purchase, [contentProvider.owner]), 'market', 'OfferNotOpen');
    });

    it('refuses an offer that is withdrawn already', async () => {
        await withdraw();
        await expectRefusal(withdraw(), 'market', 'OfferNotOpen');
    });

    it('refuses the offer of another participant', async () => {
        const other = await registerSeller(trade.market, { name: 'other seller' });
        const foreign = await instructions(other.owner.publicKey);
        await expectRefusal(send(trade.market, foreign, [other.owner]), 'market', 'OfferOfAnotherParticipant');
    });

    it('refuses to act for another participant', async () => {
        const other = await registerSeller(trade.market, { name: 'other seller' });
        const swapped = swapAccount(await instructions(), trade.seller.owner.publicKey, other.owner.publicKey);
        await expectRefusal(send(trade.market, swapped, [other.owner]), 'market', 'NotOwner');
    });
});
