import { fetchOffer, findOfferAddress, getPostOfferInstructions, type PostOfferInput, sha256 } from '@ocm/sdk';
import { PublicKey } from '@solana/web3.js';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    claimCapacity,
    corruptField,
    createTestOffer,
    expectRefusal,
    nowSecs,
    offerInput,
    registerNode,
    registerSeller,
    send,
    swapAccount,
    TEST_SLA,
    type TestTrade,
} from '../../support/index.js';
import { postOfferUnchecked } from './unchecked.js';

const MAX_COMPUTE_UNITS = 80_000;

describe('post_offer', () => {
    let trade: TestTrade;

    beforeEach(async () => {
        trade = await createTestOffer();
    });

    /** A second offer of the same claim, unless told otherwise. */
    const input = (overrides: Partial<PostOfferInput> = {}) =>
        offerInput(trade.market, trade.seller, { claims: [trade.claim.address], index: 1, ...overrides });
    const post = async (overrides: Partial<PostOfferInput> = {}) =>
        send(trade.market, await getPostOfferInstructions(input(overrides)), [trade.seller.owner]);
    /** Past the SDK's own checks. */
    const postUnchecked = (overrides: Partial<PostOfferInput>) =>
        send(trade.market, [postOfferUnchecked(input(overrides))], [trade.seller.owner]);
    const corruptSeller = (field: string, byte: number) =>
        corruptField(trade.market, {
            program: 'registry',
            account: 'Participant',
            address: trade.seller.address,
            field,
            bytes: Uint8Array.of(byte),
        });

    it('offers two claims under the terms given', async () => {
        const { market, seller, node, claim } = trade;
        const second = await registerNode(market, seller);
        const secondClaim = await claimCapacity(market, { seller, node: second });
        const { events, computeUnits } = await post({ claims: [claim.address, secondClaim.address] });
        const address = findOfferAddress({ participant: seller.address, index: 1 });
        const nodeSetHash = sha256(node.address.toBytes(), second.address.toBytes());
        expect(await fetchOffer(market.connection, address)).toMatchObject({
            participant: seller.address,
            claims: [claim.address, secondClaim.address],
            nodeSetHash,
            pricePerGigabyte: [5_000n, 6_000n, 7_000n],
            remainingKilobitsPerSecond: 500_000n,
            mint: market.mint.address,
            sla: TEST_SLA,
            splits: input().splits,
            status: 'open',
        });
        expect(events).toMatchObject([
            { program: 'market', name: 'OfferPosted', data: { offer: address, nodeSetHash, commitFeePerEpoch: 100n } },
        ]);
        console.info(`post_offer with two claims: ${computeUnits} compute units`);
        expect(computeUnits).toBeLessThan(MAX_COMPUTE_UNITS);
    });

    it('refuses to act for another participant', async () => {
        const other = await registerSeller(trade.market, { name: 'other seller' });
        const own = await getPostOfferInstructions(input());
        const instructions = swapAccount(own, trade.seller.owner.publicKey, other.owner.publicKey);
        await expectRefusal(send(trade.market, instructions, [other.owner]), 'market', 'NotOwner');
    });

    it('refuses a participant that is no seller', async () => {
        await corruptSeller('kind', 0);
        await expectRefusal(post(), 'market', 'NotSeller');
    });

    it('refuses a jailed seller', async () => {
        await corruptSeller('status', 1);
        await expectRefusal(post(), 'market', 'ParticipantNotActive');
    });

    it('refuses the claim of another participant', async () => {
        const other = await registerSeller(trade.market, { name: 'other seller' });
        const node = await registerNode(trade.market, other);
        const { address } = await claimCapacity(trade.market, { seller: other, node });
        await expectRefusal(post({ claims: [address] }), 'market', 'ClaimOfAnotherParticipant');
    });

    it('refuses a claim of ingress', async () => {
        const { market, seller, node } = trade;
        const inwards = { direction: 'ingress', kilobitsPerSecond: 1_000n, index: 1 } as const;
        const { address } = await claimCapacity(market, { seller, node, ...inwards });
        await expectRefusal(post({ claims: [address] }), 'market', 'ClaimNotEgress');
    });

    const five = () => new Array<PublicKey>(5).fill(trade.claim.address);
    const cases: [string, string, () => Partial<PostOfferInput>][] = [
        ['no claims', 'OfferExceedsClaims', () => ({ claims: [] })],
        ['one claim twice', 'ClaimDuplicate', () => ({ claims: five() })],
        ['a price below the floor', 'PriceBelowFloor', () => ({ pricePerGigabyte: [5_000n, 3_999n, 0n] })],
        ['a least rate of zero', 'RateRangeInvalid', () => ({ minKilobitsPerSecond: 0n })],
        ['a most rate above the total', 'RateRangeInvalid', () => ({ maxKilobitsPerSecond: 500_001n })],
        ['more than its claims hold', 'OfferExceedsClaims', () => ({ totalKilobitsPerSecond: 500_001n })],
        ['an epoch length of its own', 'EpochLengthNotAllowed', () => ({ epochLengthSecs: 11 })],
        ['an unused epoch length', 'EpochLengthNotAllowed', () => ({ epochLengthSecs: 0 })],
        ['no epochs', 'EpochCountInvalid', () => ({ minEpochs: 0 })],
        [
            'splits that do not add up',
            'SplitsInvalid',
            () => ({ splits: [{ payee: trade.seller.address, basisPoints: 1 }] }),
        ],
        [
            'nine splits',
            'SplitsInvalid',
            () => ({ splits: new Array(9).fill({ payee: trade.seller.address, basisPoints: 1_111 }) }),
        ],
        ['a split to nobody', 'PayeeMissing', () => ({ splits: [{ payee: PublicKey.default, basisPoints: 10_000 }] })],
        [
            'a price for multicast where only unicast is offered',
            'PriceWithoutMethod',
            () => ({ deliveryMethods: ['unicast'], pricePerGigabyte: [5_000n, 5_000n, 7_000n] }),
        ],
        [
            'a price for unicast where only multicast is offered',
            'PriceWithoutMethod',
            () => ({ deliveryMethods: ['multicast'], pricePerGigabyte: [0n, 5_000n, 7_000n] }),
        ],
        ['an end in the past', 'OfferExpired', () => ({ expiresAt: nowSecs(trade.market) })],
        ['more than 100 % penalty', 'SlaInvalid', () => ({ sla: { ...TEST_SLA, maxPenaltyBasisPoints: 10_001 } })],
        [
            'an unknown metric',
            'SlaInvalid',
            () => ({ sla: { ...TEST_SLA, tiers: [{ metric: 4, threshold: 1, basisPoints: 1 }] } }),
        ],
    ];
    it.each(cases)('refuses %s', async (_what, error, overrides) => {
        await expectRefusal(postUnchecked(overrides()), 'market', error);
    });

    it('refuses a method that one of its claims cannot do', async () => {
        const { market, seller, node, claim } = trade;
        const unicast = await claimCapacity(market, { seller, node, index: 1, deliveryMethods: ['unicast'] });
        const claims = [claim.address, unicast.address];
        await expectRefusal(postUnchecked({ claims }), 'market', 'MethodNotClaimed');
        await post({ claims, deliveryMethods: ['unicast'], pricePerGigabyte: [5_000n, 5_000n, 0n] });
    });

    it('takes a claim older than its methods as one of unicast only', async () => {
        const { market, claim } = trade;
        const field = { field: 'deliveryMethods', bytes: Uint8Array.of(0) };
        await corruptField(market, { program: 'market', account: 'CapacityClaim', address: claim.address, ...field });
        await expectRefusal(post(), 'market', 'MethodNotClaimed');
        await post({ deliveryMethods: ['unicast'], pricePerGigabyte: [5_000n, 5_000n, 0n] });
    });

    it.each([0, 4])('refuses delivery methods %i', async (bits) => {
        const [instruction] = await getPostOfferInstructions(input());
        // The two last bytes: methods, and whether capacity must be verified.
        instruction!.data[instruction!.data.length - 2] = bits;
        await expectRefusal(
            send(trade.market, [instruction!], [trade.seller.owner]),
            'market',
            'DeliveryMethodsInvalid',
        );
    });

    it('refuses a fifth claim', async () => {
        const { market, seller, node } = trade;
        const claims = [trade.claim.address];
        for (const index of [1, 2, 3, 4]) {
            claims.push((await claimCapacity(market, { seller, node, index })).address);
        }
        await expectRefusal(postUnchecked({ claims }), 'market', 'ClaimCountInvalid');
    });
});
