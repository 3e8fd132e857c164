import { fetchCapacityClaim, getRetireCapacityClaimInstructions } from '@ocm/sdk';
import { describe, expect, it } from 'vitest';
import {
    createProposedContract,
    createTestOffer,
    expectRefusal,
    registerSeller,
    send,
    swapAccount,
    type TestParticipant,
    type TestTrade,
} from '../../support/index.js';

const instructionsFor = ({ claim }: TestTrade, { owner }: TestParticipant) =>
    getRetireCapacityClaimInstructions({ owner: owner.publicKey, capacityClaim: claim.address });

describe('retire_capacity_claim', () => {
    it('takes an unused claim out of the market', async () => {
        const trade = await createTestOffer();
        const { events } = await send(trade.market, await instructionsFor(trade, trade.seller), [trade.seller.owner]);
        expect(events).toEqual([
            {
                program: 'market',
                name: 'CapacityClaimRetired',
                data: { capacityClaim: trade.claim.address, node: trade.node.address },
            },
        ]);
        expect(await fetchCapacityClaim(trade.market.connection, trade.claim.address)).toMatchObject({
            status: 'retired',
        });
    });

    it('refuses a claim that is retired already', async () => {
        const trade = await createTestOffer();
        const instructions = await instructionsFor(trade, trade.seller);
        await send(trade.market, instructions, [trade.seller.owner]);
        await expectRefusal(send(trade.market, instructions, [trade.seller.owner]), 'market', 'ClaimNotActive');
    });

    it('refuses a claim of which a contract holds a share', async () => {
        const trade = await createProposedContract();
        const instructions = await instructionsFor(trade, trade.seller);
        await expectRefusal(send(trade.market, instructions, [trade.seller.owner]), 'market', 'ClaimInUse');
    });

    it('refuses the claim of another participant', async () => {
        const trade = await createTestOffer();
        const other = await registerSeller(trade.market, { name: 'other seller' });
        const instructions = await instructionsFor(trade, other);
        await expectRefusal(send(trade.market, instructions, [other.owner]), 'market', 'ClaimOfAnotherParticipant');
    });

    it('refuses to act for another participant', async () => {
        const trade = await createTestOffer();
        const other = await registerSeller(trade.market, { name: 'other seller' });
        const own = await instructionsFor(trade, trade.seller);
        const instructions = swapAccount(own, trade.seller.owner.publicKey, other.owner.publicKey);
        await expectRefusal(send(trade.market, instructions, [other.owner]), 'market', 'NotOwner');
    });
});
