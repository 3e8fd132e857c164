import type { PublicKey } from '@solana/web3.js';
import { type DeliveryMethod, decodeDeliveryMethods } from '../core/delivery-method.js';
import type { Footprint } from '../core/footprint.js';
import type { Sla } from '../core/sla.js';
import { decodeStoredFootprint } from './footprint.js';
import { type AccountListSource, type AccountSource, createReader, type WithAddress } from './reader.js';
import { trimSla } from './terms.js';

export type LotStatus = 'open' | 'cleared';

/** A revealed bid in its place of a lot's ranking. */
export interface Standing {
    /** The seller's participant account. */
    readonly bidder: PublicKey;
    readonly pricePerGigabyte: bigint;
    readonly kilobitsPerSecond: bigint;
    /** What it has won and not made a contract of yet. */
    readonly awardedKilobitsPerSecond: bigint;
}

/** What a content provider asks sellers to bid for. Money is in base units of `mint`, times are unix seconds. */
export interface Lot {
    /** The buyer's participant account. */
    readonly contentProvider: PublicKey;
    readonly nonce: bigint;
    readonly mint: PublicKey;
    readonly tokenProgram: PublicKey;
    /** Holds the bids' deposits. */
    readonly vault: PublicKey;
    readonly rentPayer: PublicKey;
    readonly issuer: PublicKey;
    readonly footprint: Footprint;
    readonly deliveryMethods: readonly DeliveryMethod[];
    readonly verifiedOnly: boolean;
    readonly kilobitsPerSecond: bigint;
    /** Bids and awards are whole multiples of it; one seller bids for at most a third of all units. */
    readonly unitKilobitsPerSecond: bigint;
    /** Cap of a contract, relative to what it commits. */
    readonly capBasisPoints: number;
    readonly epochCount: number;
    readonly epochLengthSecs: number;
    /** Begin of every contract of the lot; until then winners make theirs. */
    readonly genesisAt: bigint;
    readonly reservePricePerGigabyte: bigint;
    readonly bidDeposit: bigint;
    readonly sla: Sla;
    readonly commitEndsAt: bigint;
    readonly revealEndsAt: bigint;
    readonly status: LotStatus;
    readonly bidCount: number;
    /** Bids whose deposit is in the vault. */
    readonly openBids: number;
    /** XOR of the revealed salts' hashes. */
    readonly salts: Uint8Array;
    /** What every winner is paid; 0 until cleared. */
    readonly clearingPricePerGigabyte: bigint;
    readonly awardedKilobitsPerSecond: bigint;
    readonly clearedAt: bigint;
    /** The revealed bids, cheapest first. */
    readonly standings: readonly Standing[];
}

const reader = createReader(
    'market',
    'Lot',
    ({ version, bump, reserved, footprint, ...lot }): Lot => ({
        ...lot,
        footprint: decodeStoredFootprint(footprint),
        deliveryMethods: decodeDeliveryMethods(lot.deliveryMethods),
        sla: trimSla(lot.sla),
    }),
);

/** Reads a lot from account data. @throws MarketplaceError MKT_SDK__ACCOUNT_* (see `AccountReader.decode`) */
export const decodeLot = reader.decode;

/**
 * A lot, or null when none stands at the address (`findLotAddress`).
 *
 * @throws MarketplaceError as `decodeLot`, and MKT_SDK__ACCOUNT_OWNER.
 * @example const lot = await fetchLot(connection, findLotAddress({ contentProvider, nonce: 0n }));
 */
export function fetchLot(connection: AccountSource, address: PublicKey): Promise<WithAddress<Lot> | null> {
    return reader.fetch(connection, address);
}

/**
 * All lots, or those of one content provider or in one mint.
 *
 * @throws MarketplaceError as `fetchLot`.
 * @example const lots = await listLots(connection, { mint });
 */
export function listLots(
    connection: AccountListSource,
    filter: { contentProvider?: PublicKey; mint?: PublicKey } = {},
): Promise<WithAddress<Lot>[]> {
    return reader.list(connection, { contentProvider: filter.contentProvider, mint: filter.mint });
}
