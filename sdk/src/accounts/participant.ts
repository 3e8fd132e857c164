import type { PublicKey } from '@solana/web3.js';
import { readsAsClosedParticipant } from './closed-participant.js';
import { type AccountListSource, type AccountSource, createReader, type WithAddress } from './reader.js';

export type ParticipantKind = 'contentProvider' | 'seller' | 'auditor';
export type ParticipantStatus = 'active' | 'jailed' | 'exiting' | 'closed';

/** Stake on its way out. */
export interface Unbonding {
    /** Its place, as `getCancelUnbondInstructions` and `getWithdrawUnbondedInstructions` want it. */
    readonly slot: number;
    /** Base units of the stake mint. */
    readonly amount: bigint;
    /** Unix seconds from which it may be withdrawn. */
    readonly readyAt: bigint;
}

/** One party and its stake, in base units of one mint. */
export interface Participant {
    readonly owner: PublicKey;
    readonly kind: ParticipantKind;
    readonly stakeMint: PublicKey;
    /** The routine key; the default key (all zero) when none is set. */
    readonly hot: PublicKey;
    /** Sum of `HOT_SCOPES`. */
    readonly hotScope: number;
    /** Unix seconds. */
    readonly hotExpiresAt: bigint;
    readonly payout: PublicKey;
    readonly stakeFree: bigint;
    readonly stakeLocked: bigint;
    readonly unbonding: readonly Unbonding[];
    readonly slashedTotal: bigint;
    readonly status: ParticipantStatus;
    /** Nodes registered so far; also the index of the next one. */
    readonly nodeCount: number;
    /** Counted by the first cut; commitments no longer touch this account. */
    readonly activeCommitments: number;
    readonly activeContracts: number;
    /** Least nonce of this content provider's next contract. */
    readonly nextContractNonce: bigint;
    /** Of `nodeCount`, those that are deactivated or closed. */
    readonly inactiveNodes: number;
    /** Of `inactiveNodes`, those whose account is gone. */
    readonly closedNodes: number;
    /** When the board admitted this auditor, Unix seconds; 0 when it is not admitted. */
    readonly auditorAdmittedAt: bigint;
}

/** What a hot key may sign; `hotScope` is the sum of its permissions. */
export const HOT_SCOPES = { commit: 1, cosign: 2, prove: 4, challenge: 8 } as const;

const reader = createReader(
    'registry',
    'Participant',
    ({ version, bump, reserved, ...participant }): Participant => ({
        ...participant,
        unbonding: participant.unbonding
            .map((unbonding, slot) => ({ slot, ...unbonding }))
            .filter(({ amount }) => amount > 0n),
    }),
);

/** Reads a participant from account data. @throws MarketplaceError MKT_SDK__ACCOUNT_{TRUNCATED,DISCRIMINATOR,VERSION} */
export const decodeParticipant = reader.decode;

/**
 * A participant, or null when none is registered at the address (`findParticipantAddress`) or it has closed
 * (`fetchClosedParticipant`).
 *
 * @throws MarketplaceError as `decodeParticipant`, and MKT_SDK__ACCOUNT_OWNER.
 * @example const seller = await fetchParticipant(connection, findParticipantAddress({ owner }));
 */
export function fetchParticipant(
    connection: AccountSource,
    address: PublicKey,
): Promise<WithAddress<Participant> | null> {
    const openOnly: AccountSource = {
        async getAccountInfo(...input: Parameters<AccountSource['getAccountInfo']>) {
            const account = await connection.getAccountInfo(...input);
            return account !== null && readsAsClosedParticipant(account.data) ? null : account;
        },
    };
    return reader.fetch(openOnly, address);
}

/**
 * All participants, or those of one owner or stake mint.
 *
 * @throws MarketplaceError as `fetchParticipant`.
 * @example const participants = await listParticipants(connection);
 */
export function listParticipants(
    connection: AccountListSource,
    filter: { owner?: PublicKey; stakeMint?: PublicKey } = {},
): Promise<WithAddress<Participant>[]> {
    return reader.list(connection, { owner: filter.owner, stakeMint: filter.stakeMint });
}

/** Base units that an auditor must have at stake before its word counts. */
export const MIN_AUDITOR_STAKE = 1_000_000_000n;

/** Whether an auditor's word counts: admitted by the board, active, and with enough stake that is not unbonding. */
export function countsAsAuditor(participant: Participant): boolean {
    const { kind, status, auditorAdmittedAt, stakeFree, stakeLocked } = participant;
    const admitted = kind === 'auditor' && status === 'active' && auditorAdmittedAt !== 0n;
    return admitted && stakeFree + stakeLocked >= MIN_AUDITOR_STAKE;
}
