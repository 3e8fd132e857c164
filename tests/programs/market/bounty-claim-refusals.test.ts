import type { Bounty, WithAddress } from '@ocm/sdk';
import { beforeEach, describe, it } from 'vitest';
import {
    claimCapacity,
    corruptField,
    createMint,
    expectRefusal,
    mintTokens,
    nowSecs,
    registerNode,
    registerSeller,
    send,
    swapAccount,
    type TestMarket,
    travel,
    travelTo,
} from '../../support/index.js';
import {
    type BountyMarket,
    buildClaim,
    claimBounty,
    corruptClaim,
    corruptParticipant,
    createBounty,
    createBountyMarket,
    createHolder,
    HOLD_SECS,
    type Holder,
    REWARD,
} from './bounties.js';

describe('claim_bounty, when the capacity has been held', () => {
    let stage: BountyMarket;
    let market: TestMarket;
    let bounty: WithAddress<Bounty>;
    let holder: Holder;

    beforeEach(async () => {
        stage = await createBountyMarket();
        ({ market } = stage);
        bounty = await createBounty(stage);
        holder = await createHolder(stage);
        travel(market, HOLD_SECS);
    });

    const refused = (error: string, of = holder, at = bounty) =>
        expectRefusal(claimBounty(stage, at, of), 'market', error);
    /** Another claim of the same seller that has been held as well. */
    const other = async (overrides: Partial<Parameters<typeof claimCapacity>[1]>): Promise<Holder> => {
        const node = { address: holder.claim.node };
        const claim = await claimCapacity(market, { seller: holder.seller, node, index: 1, ...overrides });
        travel(market, HOLD_SECS);
        return { ...holder, claim };
    };

    it('refuses to act for another participant', async () => {
        const stranger = await registerSeller(market, { name: 'stranger' });
        const own = await buildClaim(bounty, { ...holder, seller: stranger });
        const swapped = swapAccount(own, stranger.address, holder.seller.address);
        await expectRefusal(send(market, swapped, [stranger.owner]), 'market', 'NotOwner');
    });

    it('refuses the claim of another seller', async () => {
        const stranger = await registerSeller(market, { name: 'stranger' });
        await refused('ClaimOfAnotherParticipant', { ...holder, seller: stranger });
    });

    it('refuses another node, vault or mint', async () => {
        const { seller } = holder;
        const node = await registerNode(market, seller);
        const mint = await createMint(market, { name: 'other mint' });
        const payer = market.deployer.publicKey;
        const vault = await mintTokens(market, { mint: market.mint, owner: payer, amount: REWARD });
        await refused('NodeMismatch', { ...holder, claim: { ...holder.claim, node: node.address } });
        await refused('WrongVault', holder, { ...bounty, vault });
        await refused('WrongMint', holder, { ...bounty, mint: mint.address });
    });

    it('refuses a participant that is no seller, or jailed', async () => {
        await corruptParticipant(stage, holder.seller.address, 'kind', Uint8Array.of(0));
        await refused('NotSeller');
        await corruptParticipant(stage, holder.seller.address, 'kind', Uint8Array.of(1));
        await corruptParticipant(stage, holder.seller.address, 'status', Uint8Array.of(1));
        await refused('ParticipantNotActive');
    });

    it('refuses a retired claim', async () => {
        await corruptClaim(stage, holder.claim.address, 'status', Uint8Array.of(1));
        await refused('ClaimNotActive');
    });

    it('refuses a claim of ingress', async () => {
        await corruptClaim(stage, holder.claim.address, 'direction', Uint8Array.of(1));
        await refused('ClaimNotEgress');
    });

    it('refuses a claim of another footprint', async () => {
        await refused('FootprintNotCovered', await other({ footprint: { kind: 'countrycode', value: 'de' } }));
    });

    it('refuses a claim of another method of delivery', async () => {
        await refused('MethodNotClaimed', await other({ deliveryMethods: ['multicast'] }));
    });

    it('refuses a claim of less than the bounty asks for, by one unit', async () => {
        await refused('ClaimTooSmall', await other({ kilobitsPerSecond: 199_999n }));
        await claimBounty(stage, bounty, await other({ index: 2, kilobitsPerSecond: 200_000n }));
    });

    it('refuses a claim that has ended', async () => {
        await refused('ClaimNotValidThroughout', await other({ validUntil: nowSecs(market) + 30n }));
    });

    it('refuses a bounty that has expired', async () => {
        travelTo(market, bounty.expiresAt);
        await refused('BountyOver');
    });

    it('refuses to pay the content provider itself', async () => {
        const bytes = holder.seller.owner.publicKey.toBytes();
        const { address } = bounty;
        await corruptField(market, { program: 'market', account: 'Bounty', address, field: 'owner', bytes });
        await refused('SelfDealing');
    });
});
