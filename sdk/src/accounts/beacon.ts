import type { PublicKey } from '@solana/web3.js';
import { findBeaconPageAddress, findBeaconRegistryAddress } from '../addresses/index.js';
import { type AccountListSource, type AccountSource, createReader, type WithAddress } from './reader.js';

/** BEACONs on one page of the list. */
export const BEACONS_PER_PAGE = 256;
/** Least bond, base units. */
export const MIN_BEACON_BOND = 10_000_000n;

export type BeaconStatus = 'active' | 'exiting';

/** A node at home that measures others. */
export interface Beacon {
    readonly owner: PublicKey;
    readonly beaconKey: PublicKey;
    /** Its number in the list; moves when another BEACON leaves. */
    readonly index: number;
    /** The access prefix behind which an auditor saw it; 0 when none did. */
    readonly prefixTag: number;
    /** Unix seconds. */
    readonly tagExpiresAt: bigint;
    /** Participant account of the auditor that gave the tag. */
    readonly taggedBy: PublicKey;
    readonly asn: number;
    readonly downKilobitsPerSecond: bigint;
    readonly bondMint: PublicKey;
    /** Base units of `bondMint`. */
    readonly bond: bigint;
    /** Unix seconds from which the bond may be withdrawn; 0 while listed. */
    readonly bondReadyAt: bigint;
    readonly flags: number;
    readonly strikes: number;
    readonly status: BeaconStatus;
}

/** How many BEACONs are listed. */
export interface BeaconRegistry {
    readonly count: number;
}

/** Keys of 256 BEACONs in the order of their numbers; unused places are all zero. */
export interface BeaconPage {
    readonly page: number;
    readonly keys: readonly Uint8Array[];
}

const beaconReader = createReader('registry', 'Beacon', ({ version, bump, reserved, ...beacon }): Beacon => beacon);
const pageReader = createReader('registry', 'BeaconPage', ({ version, bump, ...page }): BeaconPage => page);
const registryReader = createReader('registry', 'BeaconRegistry', ({ count }): BeaconRegistry => ({ count }));

/** Reads a BEACON from account data. @throws MarketplaceError MKT_SDK__ACCOUNT_{TRUNCATED,DISCRIMINATOR,VERSION} */
export const decodeBeacon = beaconReader.decode;

/** Reads a page from account data. @throws MarketplaceError MKT_SDK__ACCOUNT_{TRUNCATED,DISCRIMINATOR,VERSION} */
export const decodeBeaconPage = pageReader.decode;

/** Reads the registry of BEACONs from account data. @throws MarketplaceError MKT_SDK__ACCOUNT_{TRUNCATED,DISCRIMINATOR,VERSION} */
export const decodeBeaconRegistry = registryReader.decode;

/**
 * A BEACON, or null when none is registered at the address (`findBeaconAddress`).
 *
 * @throws MarketplaceError as `decodeBeacon`, and MKT_SDK__ACCOUNT_OWNER.
 * @example const beacon = await fetchBeacon(connection, findBeaconAddress({ beaconKey }));
 */
export function fetchBeacon(connection: AccountSource, address: PublicKey): Promise<WithAddress<Beacon> | null> {
    return beaconReader.fetch(connection, address);
}

/**
 * All BEACONs, or those of one owner; also those that have left and wait for their bond.
 *
 * @throws MarketplaceError as `fetchBeacon`.
 * @example const beacons = await listBeacons(connection, { owner });
 */
export function listBeacons(
    connection: AccountListSource,
    filter: { owner?: PublicKey } = {},
): Promise<WithAddress<Beacon>[]> {
    return beaconReader.list(connection, { owner: filter.owner });
}

/**
 * The list's length, or null before anybody created it.
 *
 * @throws MarketplaceError MKT_SDK__ACCOUNT_{TRUNCATED,DISCRIMINATOR,VERSION,OWNER}
 * @example const { count } = (await fetchBeaconRegistry(connection)) ?? { count: 0 };
 */
export function fetchBeaconRegistry(connection: AccountSource): Promise<WithAddress<BeaconRegistry> | null> {
    return registryReader.fetch(connection, findBeaconRegistryAddress());
}

/**
 * One page of the list, or null before anybody created it.
 *
 * @throws MarketplaceError as `decodeBeaconPage`, and MKT_SDK__ACCOUNT_OWNER.
 * @example const page = await fetchBeaconPage(connection, 0);
 */
export function fetchBeaconPage(connection: AccountSource, page: number): Promise<WithAddress<BeaconPage> | null> {
    return pageReader.fetch(connection, findBeaconPageAddress({ page }));
}
