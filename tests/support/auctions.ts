import {
    type Bid,
    type CapacityClaim,
    type CreateLotInput,
    computeBidCommitment,
    fetchBid,
    fetchClaims,
    fetchLot,
    fetchPriceHistory,
    findBidAddress,
    findLotAddress,
    findPriceHistoryAddress,
    getAwardBidInstructions,
    getClearLotInstructions,
    getCommitBidInstructions,
    getCreateLotInstructions,
    getOpenPriceHistoryInstructions,
    getReleaseBidDepositInstructions,
    getRevealBidInstructions,
    type Lot,
    type WithAddress,
} from '@ocm/sdk';
import type { Keypair, PublicKey } from '@solana/web3.js';
import { nowSecs, testKeypair, travelTo } from './cluster.js';
import { claimCapacity, TEST_SLA } from './contracts.js';
import { createTestMarket, type TestMarket } from './market.js';
import {
    readParticipant,
    registerContentProvider,
    registerNode,
    registerSeller,
    type TestParticipant,
} from './participants.js';
import { type Sent, send } from './send.js';

/** What each bid of a test lot deposits. */
export const BID_DEPOSIT = 1_000_000n;
/** Most that a test lot pays. */
export const RESERVE_PRICE = 9_000n;
export const LOT_FOOTPRINT = { kind: 'ipv4cidr', value: '192.0.2.0/25' } as const;

/** A lot of 300 Mbit/s in units of 50, two units for each seller at most; phases of 20 s, contracts of 3 epochs of 10 s. */
export function lotInput(
    market: TestMarket,
    contentProvider: TestParticipant,
    overrides: Partial<CreateLotInput> = {},
): CreateLotInput {
    const now = nowSecs(market);
    return {
        owner: contentProvider.owner.publicKey,
        nonce: 0n,
        mint: market.mint.address,
        tokenProgram: market.mint.tokenProgram,
        footprint: LOT_FOOTPRINT,
        kilobitsPerSecond: 300_000n,
        unitKilobitsPerSecond: 50_000n,
        capBasisPoints: 20_000,
        epochCount: 3,
        epochLengthSecs: 10,
        reservePricePerGigabyte: RESERVE_PRICE,
        bidDeposit: BID_DEPOSIT,
        sla: TEST_SLA,
        issuer: testKeypair('issuer').publicKey,
        commitEndsAt: now + 20n,
        revealEndsAt: now + 40n,
        genesisAt: now + 60n,
        ...overrides,
    };
}

/** A lot with its buyer; bidders come by `joinAuction`. */
export interface TestAuction {
    readonly market: TestMarket;
    readonly contentProvider: TestParticipant;
    readonly lot: WithAddress<Lot>;
}

export async function readLot(market: TestMarket, { address }: { address: PublicKey }): Promise<WithAddress<Lot>> {
    const lot = await fetchLot(market.connection, address);
    if (lot === null) throw new Error(`no lot at ${address.toBase58()}`);
    return lot;
}

/** A lot whose market has a price history. */
export async function createTestLot(
    options: { tokenProgram?: PublicKey; lot?: Partial<CreateLotInput> } = {},
): Promise<TestAuction> {
    const market = await createTestMarket(options);
    const contentProvider = await registerContentProvider(market);
    const input = lotInput(market, contentProvider, options.lot);
    await send(market, await getCreateLotInstructions(input), [contentProvider.owner]);
    const address = findLotAddress({ contentProvider: contentProvider.address, nonce: input.nonce });
    const lot = await readLot(market, { address });
    const history = { payer: market.deployer.publicKey, ...lot };
    if ((await fetchPriceHistory(market.connection, findPriceHistoryAddress(lot))) === null) {
        await send(market, await getOpenPriceHistoryInstructions(history), [market.deployer]);
    }
    return { market, contentProvider, lot };
}

/** A seller with a node, a claim of 500 Mbit/s that covers the lot, and what it means to bid. */
export interface TestBidder {
    readonly seller: TestParticipant;
    readonly claim: WithAddress<CapacityClaim>;
    readonly pricePerGigabyte: bigint;
    readonly kilobitsPerSecond: bigint;
    readonly salt: Uint8Array;
}

/** Registers a bidder: 100 Mbit/s unless told. */
export async function joinAuction(
    { market }: TestAuction,
    {
        name,
        pricePerGigabyte,
        kilobitsPerSecond = 100_000n,
    }: {
        name: string;
        pricePerGigabyte: bigint;
        kilobitsPerSecond?: bigint;
    },
): Promise<TestBidder> {
    const seller = await registerSeller(market, { name });
    const node = await registerNode(market, seller);
    const claim = await claimCapacity(market, { seller, node });
    const salt = new Uint8Array(16).fill(name.length);
    return { seller, claim, pricePerGigabyte, kilobitsPerSecond, salt };
}

export async function commitBid({ market, lot }: TestAuction, bidder: TestBidder): Promise<Sent> {
    const { seller, ...bid } = bidder;
    return send(market, await getCommitBidInstructions({ owner: seller.owner.publicKey, lot, ...bid }), [seller.owner]);
}

export async function buildReveal({ lot }: TestAuction, { seller, claim, ...bid }: TestBidder) {
    const owner = seller.owner.publicKey;
    return getRevealBidInstructions({ owner, lot: lot.address, claims: [claim.address], ...bid });
}

export async function revealBid(auction: TestAuction, bidder: TestBidder): Promise<Sent> {
    return send(auction.market, await buildReveal(auction, bidder), [bidder.seller.owner]);
}

/** The bid as it stands. */
export async function readBid(
    { market, lot }: TestAuction,
    { seller }: Pick<TestBidder, 'seller'>,
): Promise<WithAddress<Bid>> {
    const address = findBidAddress({ lot: lot.address, bidder: seller.address });
    const bid = await fetchBid(market.connection, address);
    if (bid === null) throw new Error(`no bid at ${address.toBase58()}`);
    return bid;
}

/** Cranked by nobody of the lot. */
export async function clearLot({ market, lot }: TestAuction): Promise<Sent> {
    return send(market, await getClearLotInstructions({ lot }));
}

/** Commits and reveals all bids and clears the lot; the times move along. */
export async function runAuction(auction: TestAuction, bidders: readonly TestBidder[]): Promise<WithAddress<Lot>> {
    const { market, lot } = auction;
    for (const bidder of bidders) await commitBid(auction, bidder);
    travelTo(market, lot.commitEndsAt);
    for (const bidder of bidders) await revealBid(auction, bidder);
    travelTo(market, lot.revealEndsAt);
    await clearLot(auction);
    return readLot(market, lot);
}

export async function buildAward(auction: TestAuction, bidder: Pick<TestBidder, 'seller'>, payer: Keypair) {
    const bid = await readBid(auction, bidder);
    const claims = await fetchClaims(auction.market.connection, bid.claims);
    const nonce = (await readParticipant(auction.market, auction.contentProvider)).nextContractNonce;
    return getAwardBidInstructions({ payer: payer.publicKey, lot: auction.lot, bid, claims, nonce });
}

/** Made by nobody of the lot. */
export async function awardBid(auction: TestAuction, bidder: Pick<TestBidder, 'seller'>): Promise<Sent> {
    const payer = auction.market.deployer;
    return send(auction.market, await buildAward(auction, bidder, payer), [payer]);
}

/** Cranked by nobody of the lot; `to` is whose owner is paid. */
export async function releaseDeposit(
    auction: TestAuction,
    bidder: Pick<TestBidder, 'seller'>,
    to: TestParticipant,
): Promise<Sent> {
    const { market, lot } = auction;
    const bid = await readBid(auction, bidder);
    const recipient = to.owner.publicKey;
    const input = { payer: market.deployer.publicKey, lot, bid, recipient };
    return send(market, await getReleaseBidDepositInstructions(input), [market.deployer]);
}

/** The commitment of a bid for a lot. */
export const commitmentOf = ({ lot }: TestAuction, { seller, ...bid }: TestBidder) =>
    computeBidCommitment({ lot: lot.address.toBytes(), bidder: seller.address.toBytes(), ...bid });
