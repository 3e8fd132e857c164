import { type CreateLotInput, getCommitBidInstructions, getRevealBidInstructions, type RevealBidInput } from '@ocm/sdk';
import { beforeEach, describe, it } from 'vitest';
import {
    claimCapacity,
    commitBid,
    corruptField,
    createMint,
    createTestLot,
    expectRefusal,
    joinAuction,
    mintTokens,
    nowSecs,
    registerNode,
    registerSeller,
    revealBid,
    send,
    swapAccount,
    type TestAuction,
    type TestBidder,
    travelTo,
    u32Bytes,
} from '../../support/index.js';

/** A bid of 100 Mbit/s at 5 000 for a lot, not committed yet. */
async function createBidder(lot: Partial<CreateLotInput> = {}): Promise<{ auction: TestAuction; bidder: TestBidder }> {
    const auction = await createTestLot({ lot });
    return { auction, bidder: await joinAuction(auction, { name: 'bidder', pricePerGigabyte: 5_000n }) };
}

const corruptSeller = ({ market }: TestAuction, { seller }: TestBidder, field: string, bytes: Uint8Array) =>
    corruptField(market, { program: 'registry', account: 'Participant', address: seller.address, field, bytes });

describe('commit_bid', () => {
    let auction: TestAuction;
    let bidder: TestBidder;

    beforeEach(async () => {
        ({ auction, bidder } = await createBidder());
    });

    const refused = (error: string) => expectRefusal(commitBid(auction, bidder), 'market', error);
    const build = () => {
        const { seller, ...bid } = bidder;
        return getCommitBidInstructions({ owner: seller.owner.publicKey, lot: auction.lot, ...bid });
    };

    it('refuses to act for another participant', async () => {
        const other = await registerSeller(auction.market, { name: 'other seller' });
        const swapped = swapAccount(await build(), bidder.seller.owner.publicKey, other.owner.publicKey);
        await expectRefusal(send(auction.market, swapped, [other.owner]), 'market', 'NotOwner');
    });

    it('refuses another vault or mint', async () => {
        const { market, lot } = auction;
        const { seller } = bidder;
        const tokens = await mintTokens(market, { mint: market.mint, owner: market.deployer.publicKey, amount: 1n });
        const otherVault = swapAccount(await build(), lot.vault, tokens);
        await expectRefusal(send(market, otherVault, [seller.owner]), 'market', 'WrongVault');
        const mint = await createMint(market, { name: 'other mint' });
        const otherMint = swapAccount(await build(), lot.mint, mint.address);
        await expectRefusal(send(market, otherMint, [seller.owner]), 'market', 'WrongMint');
    });

    it('refuses a participant that is no seller', async () => {
        await corruptSeller(auction, bidder, 'kind', Uint8Array.of(0));
        await refused('NotSeller');
    });

    it('refuses a jailed seller', async () => {
        await corruptSeller(auction, bidder, 'status', Uint8Array.of(1));
        await refused('ParticipantNotActive');
    });

    it('refuses a seller that stakes in another mint', async () => {
        await corruptSeller(auction, bidder, 'stakeMint', bidder.seller.address.toBytes());
        await refused('BidderMintWrong');
    });

    it('refuses a bid when revealing has begun, and takes one a second before', async () => {
        travelTo(auction.market, auction.lot.commitEndsAt - 1n);
        const late = await joinAuction(auction, { name: 'late bidder', pricePerGigabyte: 5_000n });
        await commitBid(auction, late);
        travelTo(auction.market, auction.lot.commitEndsAt);
        await refused('LotPhaseWrong');
    });

    it('refuses the 65th bid', async () => {
        const { market, lot } = auction;
        const count = { field: 'bidCount', bytes: u32Bytes(64) };
        await corruptField(market, { program: 'market', account: 'Lot', address: lot.address, ...count });
        await refused('LotFull');
    });
});

describe('reveal_bid', () => {
    let auction: TestAuction;
    let bidder: TestBidder;

    beforeEach(async () => {
        ({ auction, bidder } = await createBidder());
        await commitBid(auction, bidder);
        travelTo(auction.market, auction.lot.commitEndsAt);
    });

    const input = (overrides: Partial<RevealBidInput> = {}): RevealBidInput => ({
        owner: bidder.seller.owner.publicKey,
        lot: auction.lot.address,
        pricePerGigabyte: bidder.pricePerGigabyte,
        kilobitsPerSecond: bidder.kilobitsPerSecond,
        salt: bidder.salt,
        claims: [bidder.claim.address],
        ...overrides,
    });
    const reveal = async (overrides: Partial<RevealBidInput> = {}) =>
        send(auction.market, await getRevealBidInstructions(input(overrides)), [bidder.seller.owner]);
    /** A claim of the bidder's node that differs from what the lot wants. */
    const claim = async (overrides: Partial<Parameters<typeof claimCapacity>[1]>) => {
        const node = { address: bidder.claim.node };
        const made = await claimCapacity(auction.market, { seller: bidder.seller, node, index: 1, ...overrides });
        return made.address;
    };
    const corruptClaim = (field: string, bytes: Uint8Array) => {
        const { address } = bidder.claim;
        return corruptField(auction.market, { program: 'market', account: 'CapacityClaim', address, field, bytes });
    };
    const refused = async (error: string, overrides: Partial<RevealBidInput> = {}) =>
        expectRefusal(reveal(overrides), 'market', error);

    it('refuses to act for another participant', async () => {
        const other = await registerSeller(auction.market, { name: 'other seller' });
        const own = await getRevealBidInstructions(input());
        const swapped = swapAccount(own, bidder.seller.owner.publicKey, other.owner.publicKey);
        await expectRefusal(send(auction.market, swapped, [other.owner]), 'market', 'NotOwner');
    });

    it('refuses the bid of another', async () => {
        const other = await registerSeller(auction.market, { name: 'other seller' });
        const own = await getRevealBidInstructions(input());
        const swapped = swapAccount(
            swapAccount(own, bidder.seller.owner.publicKey, other.owner.publicKey),
            bidder.seller.address,
            other.address,
        );
        await expectRefusal(send(auction.market, swapped, [other.owner]), 'market', 'WrongBid');
    });

    it('refuses a second reveal', async () => {
        await reveal();
        await refused('BidRevealed');
    });

    it('refuses another price, quantity or salt than was committed', async () => {
        await refused('CommitmentMismatch', { pricePerGigabyte: 4_999n });
        await refused('CommitmentMismatch', { kilobitsPerSecond: 50_000n });
        await refused('CommitmentMismatch', { salt: new Uint8Array(16) });
    });

    it('refuses a reveal after its time', async () => {
        travelTo(auction.market, auction.lot.revealEndsAt);
        await refused('LotPhaseWrong');
    });

    it('refuses the claim of another seller', async () => {
        const other = await registerSeller(auction.market, { name: 'other seller' });
        const node = await registerNode(auction.market, other);
        const { address } = await claimCapacity(auction.market, { seller: other, node });
        await refused('ClaimOfAnotherParticipant', { claims: [address] });
    });

    it('refuses one claim twice', async () => {
        const { address } = bidder.claim;
        await refused('ClaimDuplicate', { claims: [address, address], claimShares: [50_000n, 50_000n] });
    });

    it('refuses a retired claim', async () => {
        await corruptClaim('status', Uint8Array.of(1));
        await refused('ClaimNotActive');
    });

    it('refuses a claim of ingress', async () => {
        const claims = [await claim({ direction: 'ingress', kilobitsPerSecond: 100_000n })];
        await refused('ClaimNotEgress', { claims });
    });

    it('refuses a claim of a smaller footprint', async () => {
        const claims = [await claim({ footprint: { kind: 'ipv4cidr', value: '192.0.2.0/26' } })];
        await refused('FootprintNotCovered', { claims });
    });

    it('refuses a claim that cannot deliver by the method', async () => {
        await refused('MethodNotClaimed', { claims: [await claim({ deliveryMethods: ['multicast'] })] });
    });

    it('refuses a claim whose floor is above the bid', async () => {
        const claims = [await claim({ priceFloorPerGigabyte: 5_001n })];
        await refused('PriceBelowFloor', { claims });
    });

    it('refuses a claim that ends before the contract would', async () => {
        const ends = auction.lot.genesisAt + 30n;
        await refused('ClaimNotValidThroughout', { claims: [await claim({ validUntil: ends - 1n })] });
        await reveal({ claims: [await claim({ index: 2, validUntil: ends })] });
    });

    it('refuses a share that the claim has not left', async () => {
        const claims = [await claim({ kilobitsPerSecond: 99_999n })];
        await refused('ClaimExhausted', { claims });
    });

    it('refuses a bid without claims', async () => {
        const [instruction] = await getRevealBidInstructions(input());
        instruction!.keys.pop();
        const sending = send(auction.market, [instruction!], [bidder.seller.owner]);
        await expectRefusal(sending, 'market', 'ClaimCountInvalid');
    });

    it('refuses shares that do not add up to the quantity', async () => {
        const [instruction] = await getRevealBidInstructions(input());
        // The shares are the last 32 bytes: take one kilobit from the first.
        const shares = new DataView(
            instruction!.data.buffer,
            instruction!.data.byteOffset + instruction!.data.length - 32,
        );
        shares.setBigUint64(0, bidder.kilobitsPerSecond - 1n, true);
        const sending = send(auction.market, [instruction!], [bidder.seller.owner]);
        await expectRefusal(sending, 'market', 'SharesMismatch');
    });
});

describe('a sealed bid that the SDK would not have made', () => {
    /** What a seller commits who does not read the lot: the terms it bids under differ from the lot's. */
    async function revealUnder(terms: object, bid: { pricePerGigabyte: bigint; kilobitsPerSecond: bigint }) {
        const auction = await createTestLot();
        const bidder = await joinAuction(auction, { name: 'bidder', ...bid });
        await commitBid({ ...auction, lot: { ...auction.lot, ...terms } }, bidder);
        travelTo(auction.market, auction.lot.commitEndsAt);
        return revealBid(auction, bidder);
    }
    const rate = { pricePerGigabyte: 5_000n };

    it('is refused above the reserve price, by one unit', async () => {
        const terms = { reservePricePerGigabyte: 10_000n };
        const bid = { kilobitsPerSecond: 50_000n, pricePerGigabyte: 9_001n };
        await expectRefusal(revealUnder(terms, bid), 'market', 'BidPriceInvalid');
        await revealUnder(terms, { ...bid, pricePerGigabyte: 9_000n });
    });

    it('is refused above a third of the lot', async () => {
        const bid = { ...rate, kilobitsPerSecond: 150_000n };
        await expectRefusal(revealUnder({ kilobitsPerSecond: 500_000n }, bid), 'market', 'BidQuantityInvalid');
    });

    it('is refused in parts of a unit', async () => {
        const bid = { ...rate, kilobitsPerSecond: 25_000n };
        await expectRefusal(revealUnder({ unitKilobitsPerSecond: 25_000n }, bid), 'market', 'BidQuantityInvalid');
    });

    it('cannot be revealed before all are committed', async () => {
        const auction = await createTestLot();
        const bidder = await joinAuction(auction, { name: 'bidder', ...rate });
        await commitBid(auction, bidder);
        await expectRefusal(revealBid(auction, bidder), 'market', 'LotPhaseWrong');
        travelTo(auction.market, nowSecs(auction.market) + 20n);
        await revealBid(auction, bidder);
    });
});
