import {
    type Bounty,
    type CapacityClaim,
    type CreateBountyInput,
    fetchBounty,
    findBountyAddress,
    getClaimBountyInstructions,
    getCreateBountyInstructions,
    getRefundBountyInstructions,
    type WithAddress,
} from '@ocm/sdk';
import type { PublicKey } from '@solana/web3.js';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    acceptOffer,
    claimCapacity,
    corruptField,
    createMint,
    createTestMarket,
    expectRefusal,
    fundContract,
    LOT_FOOTPRINT,
    mintTokens,
    nowSecs,
    ownerBalance,
    postOffer,
    registerContentProvider,
    registerNode,
    registerSeller,
    send,
    swapAccount,
    type TestMarket,
    type TestParticipant,
    THOUSAND_TOKENS,
    tokenBalance,
    travel,
    travelTo,
    verifyEgress,
} from '../../support/index.js';
import { createBountyUnchecked } from './unchecked-auction.js';

const REWARD = 5_000_000n;
const HOLD_SECS = 30;
const HOST_BITS = { kind: 1, prefixLength: 8, value: new Uint8Array(16).fill(127) };

let market: TestMarket;
let contentProvider: TestParticipant;

beforeEach(async () => {
    market = await createTestMarket();
    contentProvider = await registerContentProvider(market);
});

/** Two payments of five tokens for 200 Mbit/s held for 30 s; ends in 100 s. */
const input = (overrides: Partial<CreateBountyInput> = {}): CreateBountyInput => ({
    owner: contentProvider.owner.publicKey,
    nonce: 0n,
    mint: market.mint.address,
    footprint: LOT_FOOTPRINT,
    verifiedOnly: false,
    contractRequired: false,
    kilobitsPerSecond: 200_000n,
    holdSecs: HOLD_SECS,
    reward: REWARD,
    maxPayments: 2,
    expiresAt: nowSecs(market) + 100n,
    ...overrides,
});

async function createBounty(overrides: Partial<CreateBountyInput> = {}): Promise<WithAddress<Bounty>> {
    const wanted = input(overrides);
    await send(market, await getCreateBountyInstructions(wanted), [contentProvider.owner]);
    return readBounty(findBountyAddress({ contentProvider: contentProvider.address, nonce: wanted.nonce }));
}

async function readBounty(address: PublicKey): Promise<WithAddress<Bounty>> {
    const bounty = await fetchBounty(market.connection, address);
    if (bounty === null) throw new Error('no bounty');
    return bounty;
}

interface Holder {
    readonly seller: TestParticipant;
    readonly claim: WithAddress<CapacityClaim>;
}

/** A seller that claims 500 Mbit/s for the footprint. */
async function createHolder(
    name = 'seller',
    overrides: Partial<Parameters<typeof claimCapacity>[1]> = {},
): Promise<Holder> {
    const seller = await registerSeller(market, { name });
    const node = await registerNode(market, seller);
    return { seller, claim: await claimCapacity(market, { seller, node, ...overrides }) };
}

const buildClaim = (bounty: WithAddress<Bounty>, { seller, claim }: Holder, contract?: PublicKey) =>
    getClaimBountyInstructions({
        owner: seller.owner.publicKey,
        bounty,
        claim,
        ...(contract === undefined ? {} : { contract }),
    });
const claimBounty = async (bounty: WithAddress<Bounty>, holder: Holder, contract?: PublicKey) =>
    send(market, await buildClaim(bounty, holder, contract), [holder.seller.owner]);

const corruptParticipant = (address: PublicKey, field: string, bytes: Uint8Array) =>
    corruptField(market, { program: 'registry', account: 'Participant', address, field, bytes });
const corruptClaim = (address: PublicKey, field: string, bytes: Uint8Array) =>
    corruptField(market, { program: 'market', account: 'CapacityClaim', address, field, bytes });

describe('create_bounty', () => {
    const create = (overrides: object = {}) =>
        send(market, [createBountyUnchecked({ ...input(), ...overrides })], [contentProvider.owner]);

    it('puts all rewards in escrow', async () => {
        const wanted = input({ nonce: 4n });
        const { events } = await send(market, await getCreateBountyInstructions(wanted), [contentProvider.owner]);
        const address = findBountyAddress({ contentProvider: contentProvider.address, nonce: 4n });
        const bounty = await readBounty(address);
        expect(bounty).toMatchObject({
            ...wanted,
            contentProvider: contentProvider.address,
            deliveryMethods: ['unicast'],
            sellers: [],
        });
        expect(await tokenBalance(market, bounty.vault)).toBe(2n * REWARD);
        const owner = contentProvider.owner.publicKey;
        expect(await ownerBalance(market, market.mint, owner)).toBe(THOUSAND_TOKENS - 2n * REWARD);
        expect(events).toMatchObject([
            {
                program: 'market',
                name: 'BountyCreated',
                data: {
                    bounty: address,
                    contentProvider: contentProvider.address,
                    kilobitsPerSecond: 200_000n,
                    holdSecs: HOLD_SECS,
                    reward: REWARD,
                    maxPayments: 2,
                },
            },
        ]);
    });

    it('refuses to act for another participant', async () => {
        const other = await registerContentProvider(market, { name: 'other buyer' });
        const own = [createBountyUnchecked(input())];
        const instructions = swapAccount(own, contentProvider.owner.publicKey, other.owner.publicKey);
        await expectRefusal(send(market, instructions, [other.owner]), 'market', 'NotOwner');
    });

    it('refuses a seller', async () => {
        contentProvider = await registerSeller(market);
        await expectRefusal(create(), 'market', 'NotContentProvider');
    });

    it('refuses a jailed content provider', async () => {
        await corruptParticipant(contentProvider.address, 'status', Uint8Array.of(1));
        await expectRefusal(create(), 'market', 'ParticipantNotActive');
    });

    it('refuses a mint that is not allowed', async () => {
        const mint = await createMint(market, { name: 'other mint' });
        await mintTokens(market, { mint, owner: contentProvider.owner.publicKey, amount: 10n * REWARD });
        await expectRefusal(create({ mint: mint.address }), 'market', 'MintNotAllowed');
    });

    const cases: [string, string, () => object][] = [
        ['a footprint with host bits', 'FootprintNotCanonical', () => ({ storedFootprint: HOST_BITS })],
        ['no method of delivery', 'DeliveryMethodsInvalid', () => ({ storedMethods: 0 })],
        ['a rate of zero', 'RateOutOfRange', () => ({ kilobitsPerSecond: 0n })],
        ['more than any site carries', 'RateOutOfRange', () => ({ kilobitsPerSecond: 100_000_000_001n })],
        ['a reward of zero', 'AmountZero', () => ({ reward: 0n })],
        ['no payments', 'BountyCountInvalid', () => ({ maxPayments: 0 })],
        ['33 payments', 'BountyCountInvalid', () => ({ maxPayments: 33 })],
        ['an end before capacity can be held', 'BountyTimesInvalid', () => ({ expiresAt: nowSecs(market) + 30n })],
        ['more rewards than there is money', 'AmountOverflow', () => ({ reward: 1n << 63n })],
    ];
    it.each(cases)('refuses %s', async (_what, error, overrides) => {
        await expectRefusal(create(overrides()), 'market', error);
    });
});

describe('claim_bounty', () => {
    it('pays each seller once for what it has held long enough, until all is paid', async () => {
        const bounty = await createBounty();
        const holders = [await createHolder('first'), await createHolder('second'), await createHolder('third')];
        const [first, second, third] = holders as [Holder, Holder, Holder];
        travel(market, HOLD_SECS - 1);
        await expectRefusal(claimBounty(bounty, first), 'market', 'ClaimTooYoung');
        travel(market, 1);
        const { events } = await claimBounty(bounty, first);
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
        await expectRefusal(claimBounty(bounty, first), 'market', 'BountyPaidAlready');
        await claimBounty(bounty, second);
        expect((await readBounty(bounty.address)).sellers).toEqual([first.seller.address, second.seller.address]);
        await expectRefusal(claimBounty(bounty, third), 'market', 'BountyOver');
        expect(await tokenBalance(market, bounty.vault)).toBe(0n);
    });

    it('counts from when the claim was made, not from when it says that it began', async () => {
        const bounty = await createBounty();
        const holder = await createHolder('seller', { validFrom: nowSecs(market) - 1_000n });
        await expectRefusal(claimBounty(bounty, holder), 'market', 'ClaimTooYoung');
        travel(market, HOLD_SECS);
        await corruptClaim(holder.claim.address, 'claimedAt', new Uint8Array(8));
        await expectRefusal(claimBounty(bounty, holder), 'market', 'ClaimTooYoung');
    });

    describe('when the capacity has been held', () => {
        let bounty: WithAddress<Bounty>;
        let holder: Holder;

        beforeEach(async () => {
            bounty = await createBounty();
            holder = await createHolder();
            travel(market, HOLD_SECS);
        });

        const refused = (error: string, of = holder, at = bounty) =>
            expectRefusal(claimBounty(at, of), 'market', error);
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
            await corruptParticipant(holder.seller.address, 'kind', Uint8Array.of(0));
            await refused('NotSeller');
            await corruptParticipant(holder.seller.address, 'kind', Uint8Array.of(1));
            await corruptParticipant(holder.seller.address, 'status', Uint8Array.of(1));
            await refused('ParticipantNotActive');
        });

        it('refuses a retired claim', async () => {
            await corruptClaim(holder.claim.address, 'status', Uint8Array.of(1));
            await refused('ClaimNotActive');
        });

        it('refuses a claim of ingress', async () => {
            await corruptClaim(holder.claim.address, 'direction', Uint8Array.of(1));
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
            await claimBounty(bounty, await other({ index: 2, kilobitsPerSecond: 200_000n }));
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

    it('asks for a bandwidth proof where the bounty does', async () => {
        const bounty = await createBounty({ verifiedOnly: true });
        const holder = await createHolder();
        travel(market, HOLD_SECS);
        await expectRefusal(claimBounty(bounty, holder), 'market', 'CapacityNotVerified');
        const expiresAt = nowSecs(market) + 10n;
        await verifyEgress(market, holder.claim.node, { kilobitsPerSecond: 199_999n, expiresAt });
        await expectRefusal(claimBounty(bounty, holder), 'market', 'CapacityNotVerified');
        await verifyEgress(market, holder.claim.node, { kilobitsPerSecond: 200_000n, expiresAt });
        travelTo(market, expiresAt);
        await expectRefusal(claimBounty(bounty, holder), 'market', 'CapacityNotVerified');
        await verifyEgress(market, holder.claim.node, { kilobitsPerSecond: 200_000n, expiresAt: expiresAt + 1n });
        await claimBounty(bounty, holder);
    });

    it('asks for an active contract with this content provider where the bounty does', async () => {
        const bounty = await createBounty({ contractRequired: true });
        const holder = await createHolder();
        const rival = await createHolder('rival');
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
            expectRefusal(claimBounty(bounty, holder, address), 'market', 'ContractMissing');
        const without = await buildClaim({ ...bounty, contractRequired: false }, holder);
        await expectRefusal(send(market, without, [holder.seller.owner]), 'market', 'ContractMissing');
        await refused(contract.address);
        await refused(ofOther.address);
        await refused(rivals.address);
        await fundContract(market, contentProvider, contract);
        await claimBounty(bounty, holder, contract.address);
    });
});

describe('refund_bounty', () => {
    const build = (bounty: WithAddress<Bounty>) =>
        getRefundBountyInstructions({ payer: market.deployer.publicKey, bounty });
    const refund = async (bounty: WithAddress<Bounty>) => send(market, await build(bounty), [market.deployer]);

    it('returns the rest and the rent when the bounty has expired, cranked by anyone', async () => {
        const owner = contentProvider.owner.publicKey;
        const lamports = await market.connection.getBalance(owner);
        const bounty = await createBounty();
        const holder = await createHolder();
        travel(market, HOLD_SECS);
        await claimBounty(bounty, holder);
        travelTo(market, bounty.expiresAt - 1n);
        await expectRefusal(refund(bounty), 'market', 'BountyRunning');
        travelTo(market, bounty.expiresAt);
        const { events } = await refund(bounty);
        expect(events).toEqual([
            {
                program: 'market',
                name: 'BountyRefunded',
                data: {
                    bounty: bounty.address,
                    contentProvider: contentProvider.address,
                    amount: REWARD,
                    paymentsMade: 1,
                },
            },
        ]);
        expect(await ownerBalance(market, market.mint, owner)).toBe(THOUSAND_TOKENS - REWARD);
        expect(await fetchBounty(market.connection, bounty.address)).toBeNull();
        expect(await market.connection.getAccountInfo(bounty.vault)).toBeNull();
        // The fee of one signature is all that is gone.
        expect(lamports - (await market.connection.getBalance(owner))).toBe(5_000);
    });

    it('may end a bounty that has paid all it can', async () => {
        const bounty = await createBounty({ maxPayments: 1 });
        const holder = await createHolder();
        travel(market, HOLD_SECS);
        await claimBounty(bounty, holder);
        const { events } = await refund(bounty);
        expect(events).toMatchObject([{ name: 'BountyRefunded', data: { amount: 0n, paymentsMade: 1 } }]);
    });

    it('refuses accounts of another', async () => {
        const bounty = await createBounty();
        travelTo(market, bounty.expiresAt);
        const other = await registerSeller(market, { name: 'other' });
        const mint = await createMint(market, { name: 'other mint' });
        const vault = await mintTokens(market, { mint: market.mint, owner: other.owner.publicKey, amount: 1n });
        const owner = other.owner.publicKey;
        await expectRefusal(refund({ ...bounty, owner }), 'market', 'WrongRecipient');
        await expectRefusal(refund({ ...bounty, rentPayer: owner }), 'market', 'WrongRentPayer');
        await expectRefusal(refund({ ...bounty, vault }), 'market', 'WrongVault');
        await expectRefusal(refund({ ...bounty, mint: mint.address }), 'market', 'WrongMint');
    });
});
