import type { PublicKey } from '@solana/web3.js';
import type { RewardRoot } from '../core/rewards.js';
import { type AccountListSource, type AccountSource, createReader, type WithAddress } from './reader.js';

/** Money of many members under one root. Money is in base units of the pool's mint. */
export interface RewardPool {
    /** Participant account. */
    readonly creator: PublicKey;
    readonly id: bigint;
    readonly mint: PublicKey;
    readonly tokenProgram: PublicKey;
    /** The pool's associated token account. */
    readonly vault: PublicKey;
    /** Key that proposes roots. */
    readonly aggregator: PublicKey;
    /** What the aggregator puts up for each root. */
    readonly bond: bigint;
    readonly delaySecs: bigint;
    /** In force; of no members before the first. */
    readonly active: RewardRoot;
    readonly paidTotal: bigint;
    readonly pending: RewardRoot | null;
    /** From when on the pending root can be activated, unix seconds; 0 where none is. */
    readonly etaAt: bigint;
    readonly bondHeld: bigint;
    /** Statuses that stand. */
    readonly statusCount: number;
    readonly isRetired: boolean;
    readonly rentPayer: PublicKey;
}

const reader = createReader(
    'settlement',
    'RewardPool',
    ({ version, bump, reserved, pending, ...pool }): RewardPool => ({
        ...pool,
        pending: pool.bondHeld > 0n ? pending : null,
    }),
);

/** Reads a pool from account data. @throws MarketplaceError MKT_SDK__ACCOUNT_* (see `AccountReader.decode`) */
export const decodeRewardPool = reader.decode;

/**
 * A pool, or null when none stands at the address (`findRewardPoolAddress`) or it was closed.
 *
 * @throws MarketplaceError as `decodeRewardPool`, and MKT_SDK__ACCOUNT_OWNER.
 * @example const pool = await fetchRewardPool(connection, findRewardPoolAddress({ creator, id: 0n }));
 */
export function fetchRewardPool(
    connection: AccountSource,
    address: PublicKey,
): Promise<WithAddress<RewardPool> | null> {
    return reader.fetch(connection, address);
}

/**
 * All pools, or those of one creator.
 *
 * @throws MarketplaceError as `fetchRewardPool`.
 * @example const pools = await listRewardPools(connection, { creator });
 */
export function listRewardPools(
    connection: AccountListSource,
    filter: { creator?: PublicKey } = {},
): Promise<WithAddress<RewardPool>[]> {
    return reader.list(connection, { creator: filter.creator });
}
