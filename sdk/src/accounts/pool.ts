import { PublicKey } from '@solana/web3.js';
import { argumentError } from '../errors/sdk-error.js';
import type { Participant } from './participant.js';
import { type AccountListSource, type AccountSource, createReader, type WithAddress } from './reader.js';
import type { Split } from './terms.js';

/** Members that a pool has at most: as many as a contract has splits. */
export const MAX_POOL_MEMBERS = 8;

/** One member's share. */
export interface PoolMember {
    readonly participant: PublicKey;
    readonly basisPoints: number;
    readonly status: 'invited' | 'accepted' | 'left';
}

/** Operators that sell together; it holds no money. */
export interface Pool {
    readonly creator: PublicKey;
    readonly index: number;
    /** Grows with every proposal of shares; consent names it. */
    readonly revision: number;
    readonly members: readonly PoolMember[];
}

const reader = createReader(
    'registry',
    'Pool',
    ({ version, bump, reserved, ...pool }): Pool => ({
        ...pool,
        members: pool.members.filter(({ participant }) => !participant.equals(PublicKey.default)),
    }),
);

/** Reads a pool from account data. @throws MarketplaceError MKT_SDK__ACCOUNT_{TRUNCATED,DISCRIMINATOR,VERSION} */
export const decodePool = reader.decode;

/**
 * A pool, or null when none stands at the address (`findPoolAddress`).
 *
 * @throws MarketplaceError as `decodePool`, and MKT_SDK__ACCOUNT_OWNER.
 * @example const pool = await fetchPool(connection, findPoolAddress({ creator, index: 0 }));
 */
export function fetchPool(connection: AccountSource, address: PublicKey): Promise<WithAddress<Pool> | null> {
    return reader.fetch(connection, address);
}

/**
 * All pools, or those of one creator.
 *
 * @throws MarketplaceError as `fetchPool`.
 * @example const pools = await listPools(connection, { creator });
 */
export function listPools(
    connection: AccountListSource,
    filter: { creator?: PublicKey } = {},
): Promise<WithAddress<Pool>[]> {
    return reader.list(connection, { creator: filter.creator });
}

/** Whether every member agrees to its share, so that the pool may make offers. */
export function isPoolComplete({ members }: Pool): boolean {
    return members.length > 0 && members.every(({ status }) => status === 'accepted');
}

/**
 * The splits of an offer of the pool: each member's share at its present payout key.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID while a member has not agreed or has left, and when the account of
 * a member is missing or not active.
 * @example const splits = computePoolSplits(pool, await Promise.all(pool.members.map(readMember)));
 */
export function computePoolSplits(pool: Pool, participants: readonly WithAddress<Participant>[]): Split[] {
    if (!isPoolComplete(pool)) throw argumentError('pool', 'a pool to whose shares every member agrees');
    return pool.members.map(({ participant, basisPoints }) => {
        const member = participants.find(({ address }) => address.equals(participant));
        if (member?.status !== 'active') {
            throw argumentError('participants', `the active account of the member ${participant.toBase58()}`);
        }
        return { payee: member.payout, basisPoints };
    });
}
