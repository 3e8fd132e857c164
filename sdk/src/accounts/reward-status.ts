import type { PublicKey } from '@solana/web3.js';
import { type AccountListSource, type AccountSource, createReader, type WithAddress } from './reader.js';

/** What one member of a pool has been paid, in base units of the pool's mint. */
export interface RewardStatus {
    readonly pool: PublicKey;
    readonly index: number;
    /** Wallet; the first one proven at this index, for ever. */
    readonly owner: PublicKey;
    /** Highest lifetime amount proven under an active root. */
    readonly proven: bigint;
    readonly claimed: bigint;
    readonly rentPayer: PublicKey;
}

const reader = createReader(
    'settlement',
    'RewardStatus',
    ({ version, bump, reserved, ...status }): RewardStatus => status,
);

/** Reads a status from account data. @throws MarketplaceError MKT_SDK__ACCOUNT_* (see `AccountReader.decode`) */
export const decodeRewardStatus = reader.decode;

/**
 * A status, or null when none stands at the address (`findRewardStatusAddress`): then nothing was proven or paid yet.
 *
 * @throws MarketplaceError as `decodeRewardStatus`, and MKT_SDK__ACCOUNT_OWNER.
 * @example const status = await fetchRewardStatus(connection, findRewardStatusAddress({ pool, index: 7 }));
 */
export function fetchRewardStatus(
    connection: AccountSource,
    address: PublicKey,
): Promise<WithAddress<RewardStatus> | null> {
    return reader.fetch(connection, address);
}

/**
 * All statuses, or those of one pool or one member.
 *
 * @throws MarketplaceError as `fetchRewardStatus`.
 * @example const statuses = await listRewardStatuses(connection, { pool });
 */
export function listRewardStatuses(
    connection: AccountListSource,
    filter: { pool?: PublicKey; owner?: PublicKey } = {},
): Promise<WithAddress<RewardStatus>[]> {
    return reader.list(connection, { pool: filter.pool, owner: filter.owner });
}
