import type { PublicKey } from '@solana/web3.js';
import { type DeliveryMethod, decodeDeliveryMethods } from '../core/delivery-method.js';
import type { Sla } from '../core/sla.js';
import { type AccountListSource, type AccountSource, createReader, type WithAddress } from './reader.js';
import { byKind, type PricesByKind, type Split, takeUsed, trimSla } from './terms.js';

export type OfferStatus = 'open' | 'withdrawn';

/** Terms on which a seller sells claimed capacity. Money is in base units of `mint`. */
export interface Offer {
    /** The seller's participant account. */
    readonly participant: PublicKey;
    readonly index: number;
    /** One to four capacity claims, in the order in which a contract names its shares. */
    readonly claims: readonly PublicKey[];
    /** SHA-256 over the node addresses of the claims, in their order. */
    readonly nodeSetHash: Uint8Array;
    readonly pricePerGigabyte: PricesByKind;
    /** Least pay of an epoch with a co-signed receipted delivery. */
    readonly commitFeePerEpoch: bigint;
    readonly minKilobitsPerSecond: bigint;
    readonly maxKilobitsPerSecond: bigint;
    readonly remainingKilobitsPerSecond: bigint;
    readonly minEpochs: number;
    readonly mint: PublicKey;
    readonly epochLengthSecs: number;
    readonly sla: Sla;
    readonly splits: readonly Split[];
    /** Unix seconds. */
    readonly expiresAt: bigint;
    readonly status: OfferStatus;
    /** How the bytes are delivered; only kinds of these methods have a price. */
    readonly deliveryMethods: readonly DeliveryMethod[];
    /** Whether only capacity within an unexpired bandwidth proof is sold. */
    readonly verifiedOnly: boolean;
}

const reader = createReader(
    'market',
    'Offer',
    ({ version, bump, reserved, claimCount, splitCount, ...offer }): Offer => ({
        ...offer,
        deliveryMethods: decodeDeliveryMethods(offer.deliveryMethods),
        claims: takeUsed(offer.claims, claimCount),
        splits: takeUsed(offer.splits, splitCount),
        pricePerGigabyte: byKind(offer.pricePerGigabyte),
        sla: trimSla(offer.sla),
    }),
);

/** Reads an offer from account data. @throws MarketplaceError MKT_SDK__ACCOUNT_* (see `AccountReader.decode`) */
export const decodeOffer = reader.decode;

/**
 * An offer, or null when none stands at the address (`findOfferAddress`).
 *
 * @throws MarketplaceError as `decodeOffer`, and MKT_SDK__ACCOUNT_OWNER.
 * @example const offer = await fetchOffer(connection, findOfferAddress({ participant: seller, index: 0 }));
 */
export function fetchOffer(connection: AccountSource, address: PublicKey): Promise<WithAddress<Offer> | null> {
    return reader.fetch(connection, address);
}

/**
 * All offers, or those of one seller or in one mint.
 *
 * @throws MarketplaceError as `fetchOffer`.
 * @example const offers = await listOffers(connection, { mint });
 */
export function listOffers(
    connection: AccountListSource,
    filter: { participant?: PublicKey; mint?: PublicKey } = {},
): Promise<WithAddress<Offer>[]> {
    return reader.list(connection, { participant: filter.participant, mint: filter.mint });
}
