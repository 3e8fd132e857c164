import {
    type Bounty,
    fetchBounty,
    findBountyAddress,
    getClaimBountyInstructions,
    getCreateBountyInstructions,
    getRefundBountyInstructions,
    type WithAddress,
} from '@ocm/sdk';
import { describe, expect, it } from 'vitest';
import {
    claimCapacity,
    createTestMarket,
    expectMoney,
    expectRefusal,
    LOT_FOOTPRINT,
    needTimeTravel,
    nowSecs,
    openLedger,
    registerContentProvider,
    registerNode,
    registerSeller,
    send,
    type TestMarket,
    type TestParticipant,
    THOUSAND_TOKENS,
    travel,
    travelTo,
} from '../support/index.js';

const REWARD = 5_000_000n;
const HOLD_SECS = 30;

/** A content provider asks for three times 200 Mbit/s towards a prefix where nobody offers any yet. */
async function askForCapacity(market: TestMarket, buyer: TestParticipant): Promise<WithAddress<Bounty>> {
    const instructions = await getCreateBountyInstructions({
        owner: buyer.owner.publicKey,
        nonce: 0n,
        mint: market.mint.address,
        footprint: LOT_FOOTPRINT,
        verifiedOnly: false,
        contractRequired: false,
        kilobitsPerSecond: 200_000n,
        holdSecs: HOLD_SECS,
        reward: REWARD,
        maxPayments: 3,
        expiresAt: nowSecs(market) + 100n,
    });
    await send(market, instructions, [buyer.owner]);
    const address = findBountyAddress({ contentProvider: buyer.address, nonce: 0n });
    return (await fetchBounty(market.connection, address))!;
}

describe('a bounty for capacity where there is none', () => {
    it('rewards who builds it and holds it, and returns to its giver what nobody earned', async () => {
        const market = await createTestMarket();
        needTimeTravel(market);
        const buyer = await registerContentProvider(market);
        const builder = await registerSeller(market, { name: 'builder' });
        const latecomer = await registerSeller(market, { name: 'latecomer' });
        const parties = { buyer: buyer.owner.publicKey, builder, latecomer, treasury: market.treasury.publicKey };
        const address = findBountyAddress({ contentProvider: buyer.address, nonce: 0n });
        const before = await openLedger(market, parties);

        const bounty = await askForCapacity(market, buyer);
        expect(bounty.address).toEqual(address);
        const ledger = { ...before, vaults: { bountyVault: bounty.vault } };
        await expectMoney(ledger, { buyer: -3n * REWARD, bountyVault: 3n * REWARD });

        // A node goes up and its owner claims what it can carry towards the prefix.
        const node = await registerNode(market, builder);
        const claim = await claimCapacity(market, { seller: builder, node });
        const reward = await getClaimBountyInstructions({ owner: builder.owner.publicKey, bounty, claim });
        travel(market, HOLD_SECS - 1);
        await expectRefusal(send(market, reward, [builder.owner]), 'market', 'ClaimTooYoung');
        travel(market, 1);
        await send(market, reward, [builder.owner]);
        await expectRefusal(send(market, reward, [builder.owner]), 'market', 'BountyPaidAlready');
        await expectMoney(ledger, { buyer: -3n * REWARD, builder: REWARD, bountyVault: 2n * REWARD });

        // Another comes too late to hold it as long as was asked for.
        travelTo(market, bounty.expiresAt - BigInt(HOLD_SECS) + 1n);
        const lateNode = await registerNode(market, latecomer);
        const lateClaim = await claimCapacity(market, { seller: latecomer, node: lateNode });
        const late = await getClaimBountyInstructions({ owner: latecomer.owner.publicKey, bounty, claim: lateClaim });
        const refundInput = { payer: market.deployer.publicKey, bounty };
        const refund = await getRefundBountyInstructions(refundInput);
        travelTo(market, bounty.expiresAt - 1n);
        await expectRefusal(send(market, late, [latecomer.owner]), 'market', 'ClaimTooYoung');
        await expectRefusal(send(market, refund), 'market', 'BountyRunning');

        // When it is over anyone sends the rest home, though the second has held its capacity long enough by now.
        travelTo(market, bounty.expiresAt + 1n);
        await expectRefusal(send(market, late, [latecomer.owner]), 'market', 'BountyOver');
        await send(market, refund);
        expect(await market.connection.getAccountInfo(bounty.vault)).toBeNull();
        expect(await fetchBounty(market.connection, address)).toBeNull();
        await expectMoney(ledger, { buyer: -REWARD, builder: REWARD });
        expect(ledger.before).toMatchObject({ builder: THOUSAND_TOKENS, builderStake: THOUSAND_TOKENS });
    });
});
