import type { PublicKey } from '@solana/web3.js';
import { type DeliveryMethod, decodeDeliveryMethods } from '../core/delivery-method.js';
import type { Footprint } from '../core/footprint.js';
import { decodeStoredFootprint } from './footprint.js';
import { type AccountListSource, type AccountSource, createReader, type WithAddress } from './reader.js';

/** A content provider's reward for the first sellers who hold capacity where it is wanted. */
export interface Bounty {
    /** The buyer's participant account. */
    readonly contentProvider: PublicKey;
    /** Its owner, who gets the rest. */
    readonly owner: PublicKey;
    readonly nonce: bigint;
    readonly mint: PublicKey;
    readonly tokenProgram: PublicKey;
    readonly vault: PublicKey;
    readonly rentPayer: PublicKey;
    readonly footprint: Footprint;
    readonly deliveryMethods: readonly DeliveryMethod[];
    /** Whether the node's bandwidth proof must show the rate as well. */
    readonly verifiedOnly: boolean;
    /** Whether the claim must serve an active contract of this content provider. */
    readonly contractRequired: boolean;
    /** Least rate of a claim. */
    readonly kilobitsPerSecond: bigint;
    /** For how long the claim must have stood. */
    readonly holdSecs: number;
    /** Base units for each seller. */
    readonly reward: bigint;
    readonly maxPayments: number;
    /** Unix seconds. */
    readonly expiresAt: bigint;
    /** Participant accounts that were paid. */
    readonly sellers: readonly PublicKey[];
}

const reader = createReader(
    'market',
    'Bounty',
    ({ version, bump, reserved, footprint, ...bounty }): Bounty => ({
        ...bounty,
        footprint: decodeStoredFootprint(footprint),
        deliveryMethods: decodeDeliveryMethods(bounty.deliveryMethods),
    }),
);

/** Reads a bounty from account data. @throws MarketplaceError MKT_SDK__ACCOUNT_* (see `AccountReader.decode`) */
export const decodeBounty = reader.decode;

/**
 * A bounty, or null when none stands at the address (`findBountyAddress`).
 *
 * @throws MarketplaceError as `decodeBounty`, and MKT_SDK__ACCOUNT_OWNER.
 * @example const bounty = await fetchBounty(connection, findBountyAddress({ contentProvider, nonce: 0n }));
 */
export function fetchBounty(connection: AccountSource, address: PublicKey): Promise<WithAddress<Bounty> | null> {
    return reader.fetch(connection, address);
}

/**
 * All bounties, or those of one content provider.
 *
 * @throws MarketplaceError as `fetchBounty`.
 * @example const bounties = await listBounties(connection);
 */
export function listBounties(
    connection: AccountListSource,
    filter: { contentProvider?: PublicKey } = {},
): Promise<WithAddress<Bounty>[]> {
    return reader.list(connection, { contentProvider: filter.contentProvider });
}
