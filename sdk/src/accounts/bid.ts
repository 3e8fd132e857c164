import type { PublicKey } from '@solana/web3.js';
import { type AccountListSource, type AccountSource, createReader, type WithAddress } from './reader.js';
import { takeUsed } from './terms.js';

export type BidStatus = 'committed' | 'revealed' | 'awarded';

/** One seller's bid for a lot. Price, quantity and claims are 0 and empty until they are revealed. */
export interface Bid {
    readonly lot: PublicKey;
    /** The seller's participant account. */
    readonly bidder: PublicKey;
    readonly rentPayer: PublicKey;
    readonly commitment: Uint8Array;
    /** Base units of the lot's mint. */
    readonly deposit: bigint;
    readonly status: BidStatus;
    readonly pricePerGigabyte: bigint;
    readonly kilobitsPerSecond: bigint;
    /** What the bid is served from, in the order in which it is used. */
    readonly claims: readonly PublicKey[];
    readonly claimShares: readonly bigint[];
    readonly nodeSetHash: Uint8Array;
    /** The contract that the bid has led to, or all zero. */
    readonly contract: PublicKey;
}

const reader = createReader(
    'market',
    'Bid',
    ({ version, bump, reserved, claimCount, ...bid }): Bid => ({
        ...bid,
        claims: takeUsed(bid.claims, claimCount),
        claimShares: takeUsed(bid.claimShares, claimCount),
    }),
);

/** Reads a bid from account data. @throws MarketplaceError MKT_SDK__ACCOUNT_* (see `AccountReader.decode`) */
export const decodeBid = reader.decode;

/**
 * A bid, or null when none stands at the address (`findBidAddress`): it is closed with its deposit.
 *
 * @throws MarketplaceError as `decodeBid`, and MKT_SDK__ACCOUNT_OWNER.
 * @example const bid = await fetchBid(connection, findBidAddress({ lot, bidder }));
 */
export function fetchBid(connection: AccountSource, address: PublicKey): Promise<WithAddress<Bid> | null> {
    return reader.fetch(connection, address);
}

/**
 * All bids, or those of one lot or one bidder.
 *
 * @throws MarketplaceError as `fetchBid`.
 * @example const bids = await listBids(connection, { lot: lot.address });
 */
export function listBids(
    connection: AccountListSource,
    filter: { lot?: PublicKey; bidder?: PublicKey } = {},
): Promise<WithAddress<Bid>[]> {
    return reader.list(connection, { lot: filter.lot, bidder: filter.bidder });
}
