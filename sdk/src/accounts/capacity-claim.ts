import type { PublicKey } from '@solana/web3.js';
import { type DeliveryMethod, decodeDeliveryMethods } from '../core/delivery-method.js';
import type { Footprint } from '../core/footprint.js';
import { sdkError } from '../errors/sdk-error.js';
import { decodeStoredFootprint } from './footprint.js';
import { type AccountListSource, type AccountSource, createReader, type WithAddress } from './reader.js';

export type Direction = 'egress' | 'ingress';
export type CapacityClaimStatus = 'active' | 'retired';

/** What an operator says that a node can carry into a footprint. */
export interface CapacityClaim {
    readonly node: PublicKey;
    /** The seller's participant account. */
    readonly participant: PublicKey;
    readonly index: number;
    readonly footprint: Footprint;
    readonly direction: Direction;
    readonly kilobitsPerSecond: bigint;
    /** Sum of the shares that running contracts hold. */
    readonly committedKilobitsPerSecond: bigint;
    /** Base units per 10^9 bytes. */
    readonly priceFloorPerGigabyte: bigint;
    /** Unix seconds. */
    readonly validFrom: bigint;
    /** Unix seconds. */
    readonly validUntil: bigint;
    readonly status: CapacityClaimStatus;
    /** How the node delivers. */
    readonly deliveryMethods: readonly DeliveryMethod[];
    /** When the claim was made, unix seconds; 0 in an account older than the field. */
    readonly claimedAt: bigint;
}

const reader = createReader(
    'market',
    'CapacityClaim',
    ({ version, bump, reserved, footprint, deliveryMethods, ...claim }): CapacityClaim => ({
        ...claim,
        deliveryMethods: decodeDeliveryMethods(deliveryMethods),
        footprint: decodeStoredFootprint(footprint),
    }),
);

/** Reads a capacity claim from account data. @throws MarketplaceError MKT_SDK__ACCOUNT_* (see `AccountReader.decode`) */
export const decodeCapacityClaim = reader.decode;

/**
 * A capacity claim, or null when none stands at the address (`findCapacityClaimAddress`).
 *
 * @throws MarketplaceError as `decodeCapacityClaim`, and MKT_SDK__ACCOUNT_OWNER.
 * @example const claim = await fetchCapacityClaim(connection, findCapacityClaimAddress({ node, index: 0 }));
 */
export function fetchCapacityClaim(
    connection: AccountSource,
    address: PublicKey,
): Promise<WithAddress<CapacityClaim> | null> {
    return reader.fetch(connection, address);
}

/**
 * All capacity claims, or those of one node or one seller.
 *
 * @throws MarketplaceError as `fetchCapacityClaim`.
 * @example const claims = await listCapacityClaims(connection, { participant: seller });
 */
export function listCapacityClaims(
    connection: AccountListSource,
    filter: { node?: PublicKey; participant?: PublicKey } = {},
): Promise<WithAddress<CapacityClaim>[]> {
    return reader.list(connection, { node: filter.node, participant: filter.participant });
}

/**
 * The claims at the addresses, in their order: what binds or frees capacity wants them with their nodes.
 *
 * @throws MarketplaceError as `fetchCapacityClaim`, and MKT_SDK__ACCOUNT_MISSING when one does not exist.
 * @example const claims = await fetchClaims(connection, offer.claims);
 */
export function fetchClaims(
    connection: AccountSource,
    addresses: readonly PublicKey[],
): Promise<WithAddress<CapacityClaim>[]> {
    return Promise.all(
        addresses.map(async (address) => {
            const claim = await fetchCapacityClaim(connection, address);
            if (claim === null) {
                throw sdkError('MKT_SDK__ACCOUNT_MISSING', { account: 'CapacityClaim', address: address.toBase58() });
            }
            return claim;
        }),
    );
}
