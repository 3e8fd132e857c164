import type { PublicKey } from '@solana/web3.js';
import { type AccountListSource, type AccountSource, createReader, type WithAddress } from './reader.js';

export type ChallengeState = 'open' | 'included' | 'answered' | 'won';

/** A demand to prove the leaf that covers one byte of a commitment. Money is in base units of the contract's mint. */
export interface LeafChallenge {
    readonly commitment: PublicKey;
    readonly contract: PublicKey;
    readonly index: number;
    /** Wallet that paid the bond. */
    readonly challenger: PublicKey;
    readonly target: bigint;
    readonly bond: bigint;
    /** What closing pays. */
    readonly payout: bigint;
    /** Wallet that `payout` belongs to. */
    readonly beneficiary: PublicKey;
    readonly openedAt: bigint;
    /** Last moment of an answer, unix seconds. */
    readonly deadline: bigint;
    /** Hash of the leaf that was proved to cover the target; zero before. */
    readonly leafHash: Uint8Array;
    readonly state: ChallengeState;
    readonly rentPayer: PublicKey;
}

const reader = createReader(
    'settlement',
    'LeafChallenge',
    ({ version, bump, reserved, ...challenge }): LeafChallenge => challenge,
);

/** Reads a challenge from account data. @throws MarketplaceError MKT_SDK__ACCOUNT_* (see `AccountReader.decode`) */
export const decodeLeafChallenge = reader.decode;

/**
 * A challenge, or null when none stands at the address (`findLeafChallengeAddress`) or it was closed.
 *
 * @throws MarketplaceError as `decodeLeafChallenge`, and MKT_SDK__ACCOUNT_OWNER.
 * @example const challenge = await fetchLeafChallenge(connection, findLeafChallengeAddress({ commitment, index: 0 }));
 */
export function fetchLeafChallenge(
    connection: AccountSource,
    address: PublicKey,
): Promise<WithAddress<LeafChallenge> | null> {
    return reader.fetch(connection, address);
}

/**
 * All challenges, or those of one commitment or one contract.
 *
 * @throws MarketplaceError as `fetchLeafChallenge`.
 * @example const challenges = await listLeafChallenges(connection, { contract });
 */
export function listLeafChallenges(
    connection: AccountListSource,
    filter: { commitment?: PublicKey; contract?: PublicKey } = {},
): Promise<WithAddress<LeafChallenge>[]> {
    return reader.list(connection, { commitment: filter.commitment, contract: filter.contract });
}
