import type { PublicKey } from '@solana/web3.js';
import { type DeliveryMethod, decodeDeliveryMethods } from '../core/delivery-method.js';
import type { Footprint } from '../core/footprint.js';
import { decodeStoredFootprint } from './footprint.js';
import { type AccountListSource, type AccountSource, createReader, type WithAddress } from './reader.js';

/** One cleared lot. */
export interface PastClearing {
    /** Base units per 10^9 bytes. */
    readonly pricePerGigabyte: bigint;
    readonly kilobitsPerSecond: bigint;
    /** Unix seconds. */
    readonly at: bigint;
}

/** The last clearings of a footprint, method and mint. Told, not trusted: whoever bids against itself writes prices too. */
export interface PriceHistory {
    readonly footprint: Footprint;
    readonly deliveryMethods: readonly DeliveryMethod[];
    readonly mint: PublicKey;
    /** Clearings ever recorded. */
    readonly count: bigint;
    /** At most 32, oldest first. */
    readonly clearings: readonly PastClearing[];
}

/** The ring in the order of time. */
function unroll(ring: readonly PastClearing[], count: bigint): PastClearing[] {
    const length = BigInt(ring.length);
    if (count <= length) return ring.slice(0, Number(count));
    const next = Number(count % length);
    return [...ring.slice(next), ...ring.slice(0, next)];
}

const reader = createReader(
    'market',
    'PriceHistory',
    ({ version, bump, reserved, footprint, deliveryMethods, clearings, ...history }): PriceHistory => ({
        ...history,
        footprint: decodeStoredFootprint(footprint),
        deliveryMethods: decodeDeliveryMethods(deliveryMethods),
        clearings: unroll(clearings, history.count),
    }),
);

/** Reads a price history from account data. @throws MarketplaceError MKT_SDK__ACCOUNT_* (see `AccountReader.decode`) */
export const decodePriceHistory = reader.decode;

/**
 * A market's price history, or null when no lot was ever opened for it.
 *
 * @throws MarketplaceError as `decodePriceHistory`, and MKT_SDK__ACCOUNT_OWNER.
 * @example
 * const history = await fetchPriceHistory(connection, findPriceHistoryAddress({ footprint, deliveryMethods: ['unicast'], mint }));
 */
export function fetchPriceHistory(
    connection: AccountSource,
    address: PublicKey,
): Promise<WithAddress<PriceHistory> | null> {
    return reader.fetch(connection, address);
}

/**
 * The price histories of all markets, or of those in one mint.
 *
 * @throws MarketplaceError as `fetchPriceHistory`.
 * @example const histories = await listPriceHistories(connection, { mint });
 */
export function listPriceHistories(
    connection: AccountListSource,
    filter: { mint?: PublicKey } = {},
): Promise<WithAddress<PriceHistory>[]> {
    return reader.list(connection, { mint: filter.mint });
}
