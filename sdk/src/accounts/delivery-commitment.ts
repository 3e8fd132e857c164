import type { PublicKey } from '@solana/web3.js';
import type { SlaSummary } from '../core/sla.js';
import { sdkError } from '../errors/sdk-error.js';
import { type AccountListSource, type AccountSource, createReader, type WithAddress } from './reader.js';
import type { DeliveryKind } from './terms.js';

export type CommitmentState =
    | 'committed'
    | 'seeded'
    | 'proven'
    | 'cosignedFinal'
    | 'final'
    | 'settled'
    | 'failed'
    | 'expired';

/** What a seller commits for one epoch and kind of delivery. Money is in base units of the contract's mint. */
export interface DeliveryCommitment {
    readonly contract: PublicKey;
    readonly epoch: number;
    readonly kind: DeliveryKind;
    /** Root of the settlement tree (protocol 6.5). */
    readonly root: Uint8Array;
    readonly depth: number;
    readonly leafCount: number;
    readonly totalBytes: bigint;
    /** Names the published set of leaves and log files. */
    readonly manifestHash: Uint8Array;
    readonly slaSummary: SlaSummary;
    /** Payable before top-up, penalty and fee; fixed when committed. */
    readonly gross: bigint;
    /** Seller's stake bound to it. */
    readonly lock: bigint;
    readonly committedSlot: bigint;
    /** Unix seconds. */
    readonly committedAt: bigint;
    readonly seedTargetSlot: bigint;
    readonly rearms: number;
    readonly seed: Uint8Array;
    readonly samples: number;
    readonly inclusionBits: number;
    readonly evidenceBits: number;
    readonly sampleLeaves: readonly Uint8Array[];
    readonly openChallenges: number;
    readonly failReason: number;
    readonly state: CommitmentState;
    readonly rentPayer: PublicKey;
    /** Last moment of the co-signature, unix seconds. */
    readonly deadline: bigint;
    /** After this moment an ended commitment may be closed, unix seconds. */
    readonly closableAt: bigint;
    /** When the seed was drawn, unix seconds; 0 before. */
    readonly seededAt: bigint;
    /** Whose word `slaSummary` is. */
    readonly slaSource: 'seller' | 'cosigned' | 'reports';
    readonly freeChallenges: number;
    readonly challengeCount: number;
    /** Auditors' reports so far. */
    readonly reportCount: number;
}

function toKind(kind: number): DeliveryKind {
    if (kind === 0 || kind === 1 || kind === 2) return kind;
    throw sdkError('MKT_SDK__ACCOUNT_DATA_INVALID', { account: 'DeliveryCommitment', kind });
}

const reader = createReader(
    'settlement',
    'DeliveryCommitment',
    ({ version, bump, reserved, ...commitment }): DeliveryCommitment => ({
        ...commitment,
        kind: toKind(commitment.kind),
    }),
    // The second version gave meaning to reserved bytes, which are zero in the first.
    [1, 2],
);

/** Reads a delivery commitment from account data. @throws MarketplaceError MKT_SDK__ACCOUNT_* (see `AccountReader.decode`) */
export const decodeDeliveryCommitment = reader.decode;

/**
 * A delivery commitment, or null when none stands at the address (`findDeliveryCommitmentAddress`) or it was closed.
 *
 * @throws MarketplaceError as `decodeDeliveryCommitment`, and MKT_SDK__ACCOUNT_OWNER.
 * @example
 * const commitment = await fetchDeliveryCommitment(connection, findDeliveryCommitmentAddress({ contract, epoch: 0, kind: 0 }));
 */
export function fetchDeliveryCommitment(
    connection: AccountSource,
    address: PublicKey,
): Promise<WithAddress<DeliveryCommitment> | null> {
    return reader.fetch(connection, address);
}

/**
 * All delivery commitments, or those of one contract.
 *
 * @throws MarketplaceError as `fetchDeliveryCommitment`.
 * @example const commitments = await listDeliveryCommitments(connection, { contract });
 */
export function listDeliveryCommitments(
    connection: AccountListSource,
    filter: { contract?: PublicKey } = {},
): Promise<WithAddress<DeliveryCommitment>[]> {
    return reader.list(connection, { contract: filter.contract });
}
