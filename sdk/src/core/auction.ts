import { compareBytes } from './bytes.js';
import { assertLength, assertU64, domain } from './fields.js';
import { encodeFootprint, type Footprint } from './footprint.js';
import { sha256 } from './hash.js';

/** Bytes of the salt that hides a bid. */
export const BID_SALT_BYTES = 16;

const BID_DOMAIN = domain('OCM/bid/v1');
const SALT_DOMAIN = domain('OCM/bidsalt/v1');
const LOT_SEED_DOMAIN = domain('OCM/lotseed/v1');

/** What a sealed bid says. Addresses in their 32 bytes. */
export interface SealedBid {
    readonly lot: Uint8Array;
    /** The seller's participant account. */
    readonly bidder: Uint8Array;
    readonly pricePerGigabyte: bigint;
    readonly kilobitsPerSecond: bigint;
    /** 16 random bytes, kept until the bid is revealed: without them the deposit is lost. */
    readonly salt: Uint8Array;
}

function u64(value: bigint): Uint8Array {
    assertU64('value', value);
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, value, true);
    return bytes;
}

/**
 * `SHA256("OCM/bid/v1" | lot | bidder | price | quantity | salt)`: what is committed before anything is known.
 *
 * @throws MarketplaceError MKT_CORE__FIELD_LENGTH_WRONG, MKT_CORE__FIELD_OUT_OF_RANGE.
 * @example const commitment = computeBidCommitment({ lot, bidder, pricePerGigabyte: 5_000n, kilobitsPerSecond, salt });
 */
export function computeBidCommitment(bid: SealedBid): Uint8Array {
    assertLength('salt', bid.salt, BID_SALT_BYTES);
    return sha256(BID_DOMAIN, bid.lot, bid.bidder, u64(bid.pricePerGigabyte), u64(bid.kilobitsPerSecond), bid.salt);
}

/**
 * The seed that ranks equal prices, from every revealed salt; the order of reveals does not matter.
 *
 * @throws MarketplaceError MKT_CORE__FIELD_LENGTH_WRONG.
 * @example const seed = computeLotSeed(lot, revealed.map(({ bidder, salt }) => ({ bidder, salt })));
 */
export function computeLotSeed(
    lot: Uint8Array,
    revealed: readonly { readonly bidder: Uint8Array; readonly salt: Uint8Array }[],
): Uint8Array {
    const salts = new Uint8Array(32);
    for (const { bidder, salt } of revealed) {
        assertLength('salt', salt, BID_SALT_BYTES);
        for (const [place, byte] of sha256(SALT_DOMAIN, lot, bidder, salt).entries()) salts[place]! ^= byte;
    }
    return sha256(LOT_SEED_DOMAIN, lot, salts);
}

/** One revealed bid. */
export interface RevealedBid {
    readonly bidder: Uint8Array;
    readonly pricePerGigabyte: bigint;
    readonly kilobitsPerSecond: bigint;
}

/** What a lot came to. */
export interface Clearing<Bid extends RevealedBid> {
    /** Cheapest first, with what each has won. */
    readonly ranking: readonly (Bid & { readonly awardedKilobitsPerSecond: bigint })[];
    /** What every winner is paid: the price of the first unit that won nothing, or the reserve price. */
    readonly pricePerGigabyte: bigint;
    readonly awardedKilobitsPerSecond: bigint;
}

/**
 * Ranks, awards and prices a lot as the program does.
 *
 * @example const { ranking, pricePerGigabyte } = computeClearing({ bids, kilobitsPerSecond: 300_000n, reservePrice, seed });
 */
export function computeClearing<Bid extends RevealedBid>(input: {
    bids: readonly Bid[];
    kilobitsPerSecond: bigint;
    reservePrice: bigint;
    seed: Uint8Array;
}): Clearing<Bid> {
    const ranked = input.bids
        .map((bid) => ({ bid, tie: sha256(input.seed, bid.bidder) }))
        .sort((a, b) => compare(a.bid.pricePerGigabyte, b.bid.pricePerGigabyte) || compareBytes(a.tie, b.tie));
    let left = input.kilobitsPerSecond;
    const ranking = ranked.map(({ bid }) => {
        const awarded = bid.kilobitsPerSecond < left ? bid.kilobitsPerSecond : left;
        left -= awarded;
        return { ...bid, awardedKilobitsPerSecond: awarded };
    });
    const rejected = ranking.find((bid) => bid.awardedKilobitsPerSecond < bid.kilobitsPerSecond);
    return {
        ranking,
        pricePerGigabyte: rejected?.pricePerGigabyte ?? input.reservePrice,
        awardedKilobitsPerSecond: input.kilobitsPerSecond - left,
    };
}

const compare = (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0);

/** Names a market: its footprint, the bits of its methods of delivery, and its mint. Prices are remembered by it. */
export function computeMarketKey(footprint: Footprint, deliveryMethods: number, mint: Uint8Array): Uint8Array {
    return sha256(encodeFootprint(footprint), Uint8Array.of(deliveryMethods), mint);
}
