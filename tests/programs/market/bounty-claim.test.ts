import type { PublicKey } from '@solana/web3.js';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    acceptOffer,
    expectRefusal,
    fundContract,
    nowSecs,
    ownerBalance,
    postOffer,
    registerContentProvider,
    send,
    type TestMarket,
    type TestParticipant,
    THOUSAND_TOKENS,
    tokenBalance,
    travel,
    travelTo,
    verifyEgress,
} from '../../support/index.js';
import {
    type BountyMarket,
    buildClaim,
    claimBounty,
    corruptClaim,
    createBounty,
    createBountyMarket,
    createHolder,
    HOLD_SECS,
    type Holder,
    REWARD,
    readBounty,
} from './bounties.js';

let stage: BountyMarket;
let market: TestMarket;
let contentProvider: TestParticipant;

beforeEach(async () => {
    stage = await createBountyMarket();
    ({ market, contentProvider } = stage);
});

describe('claim_bounty', () => {
    it('pays each seller once for what it has held long enough, until all is paid', async () => {
        const bounty = await createBounty(stage);
        const holders = [
            await createHolder(stage, 'first'),
            await createHolder(stage, 'second'),
            await createHolder(stage, 'third'),
        ];
        const [first, second, third] = holders as [Holder, Holder, Holder];
        travel(market, HOLD_SECS - 1);
        await expectRefusal(claimBounty(stage, bounty, first), 'market', 'ClaimTooYoung');
        travel(market, 1);
        const { events } = await claimBounty(stage, bounty, first);
        expect(events).toEqual([
            {
                program: 'market',
                name: 'BountyPaid',
                data: {
                    bounty: bounty.address,
                    seller: first.seller.address,
                    capacityClaim: first.claim.address,
                    amount: REWARD,
                    paymentsLeft: 1,
                },
            },
        ]);
        const owner = first.seller.owner.publicKey;
        expect(await ownerBalance(market, market.mint, owner)).toBe(THOUSAND_TOKENS + REWARD);
        await expectRefusal(claimBounty(stage, bounty, first), 'market', 'BountyPaidAlready');
        await claimBounty(stage, bounty, second);
        expect((await readBounty(stage, bounty.address)).sellers).toEqual([
            first.seller.address,
            second.seller.address,
        ]);
        await expectRefusal(claimBounty(stage, bounty, third), 'market', 'BountyOver');
        expect(await tokenBalance(market, bounty.vault)).toBe(0n);
    });

    it('counts from when the claim was made, not from when it says that it began', async () => {
        const bounty = await createBounty(stage);
        const holder = await createHolder(stage, 'seller', { validFrom: nowSecs(market) - 1_000n });
        await expectRefusal(claimBounty(stage, bounty, holder), 'market', 'ClaimTooYoung');
        travel(market, HOLD_SECS);
        await corruptClaim(stage, holder.claim.address, 'claimedAt', new Uint8Array(8));
        await expectRefusal(claimBounty(stage, bounty, holder), 'market', 'ClaimTooYoung');
    });

    it('asks for a bandwidth proof where the bounty does', async () => {
        const bounty = await createBounty(stage, { verifiedOnly: true });
        const holder = await createHolder(stage);
        travel(market, HOLD_SECS);
        await expectRefusal(claimBounty(stage, bounty, holder), 'market', 'CapacityNotVerified');
        const expiresAt = nowSecs(market) + 10n;
        await verifyEgress(market, holder.claim.node, { kilobitsPerSecond: 199_999n, expiresAt });
        await expectRefusal(claimBounty(stage, bounty, holder), 'market', 'CapacityNotVerified');
        await verifyEgress(market, holder.claim.node, { kilobitsPerSecond: 200_000n, expiresAt });
        travelTo(market, expiresAt);
        await expectRefusal(claimBounty(stage, bounty, holder), 'market', 'CapacityNotVerified');
        await verifyEgress(market, holder.claim.node, { kilobitsPerSecond: 200_000n, expiresAt: expiresAt + 1n });
        await claimBounty(stage, bounty, holder);
    });

    it('asks for an active contract with this content provider where the bounty does', async () => {
        const bounty = await createBounty(stage, { contractRequired: true });
        const holder = await createHolder(stage);
        const rival = await createHolder(stage, 'rival');
        const other = await registerContentProvider(market, { name: 'other buyer' });
        const lasting = { epochCount: 30 };
        const offer = await postOffer(market, holder.seller, { claims: [holder.claim.address] });
        const rivalOffer = await postOffer(market, rival.seller, { claims: [rival.claim.address] });
        const contract = await acceptOffer(market, contentProvider, offer, lasting);
        const ofOther = await fundContract(market, other, await acceptOffer(market, other, offer, lasting));
        const rivals = await acceptOffer(market, contentProvider, rivalOffer, lasting);
        await fundContract(market, contentProvider, rivals);
        travel(market, HOLD_SECS);
        const refused = (address: PublicKey) =>
            expectRefusal(claimBounty(stage, bounty, holder, address), 'market', 'ContractMissing');
        const without = await buildClaim({ ...bounty, contractRequired: false }, holder);
        await expectRefusal(send(market, without, [holder.seller.owner]), 'market', 'ContractMissing');
        await refused(contract.address);
        await refused(ofOther.address);
        await refused(rivals.address);
        await fundContract(market, contentProvider, contract);
        await claimBounty(stage, bounty, holder, contract.address);
    });
});
