import type { PublicKey } from '@solana/web3.js';
import type { Board } from './board.js';
import { type AccountListSource, type AccountSource, createReader, type WithAddress } from './reader.js';

export type Ballot = 'none' | 'for' | 'against';
export type ProposalStatus = 'draft' | 'voting' | 'queued' | 'executed' | 'rejected' | 'cancelled';

/** What a board may do, and how its seats have voted on it. */
export interface Proposal {
    readonly board: PublicKey;
    readonly number: bigint;
    readonly proposer: PublicKey;
    /** Gets the rent back when the proposal is closed. */
    readonly rentPayer: PublicKey;
    /** SHA-256 of the text that explains it. */
    readonly descriptionHash: Uint8Array;
    readonly status: ProposalStatus;
    /** The board's epoch when it was made. */
    readonly seatsEpoch: number;
    readonly instructionCount: number;
    /** Bytes of instruction data that are still to be written. */
    readonly missingDataBytes: number;
    /** By place of the seat, sixteen of them. */
    readonly ballots: readonly Ballot[];
    readonly votesFor: number;
    readonly votesAgainst: number;
    /** Unix seconds; 0 before voting opens. */
    readonly votingEndsAt: bigint;
    /** Unix seconds from which it may be executed; 0 before it is queued. */
    readonly executableAt: bigint;
    /** Unix seconds from which it may not be executed any more. */
    readonly expiresAt: bigint;
}

const reader = createReader('governance', 'Proposal', ({ version, bump, reserved, ...proposal }): Proposal => proposal);

/** Reads a proposal from account data. @throws MarketplaceError MKT_SDK__ACCOUNT_{TRUNCATED,DISCRIMINATOR,VERSION} */
export const decodeProposal = reader.decode;

/**
 * A proposal, or null when none stands at the address (`findProposalAddress`).
 *
 * @throws MarketplaceError as `decodeProposal`, and MKT_SDK__ACCOUNT_OWNER.
 * @example const proposal = await fetchProposal(connection, findProposalAddress({ board, number: 0n }));
 */
export function fetchProposal(connection: AccountSource, address: PublicKey): Promise<WithAddress<Proposal> | null> {
    return reader.fetch(connection, address);
}

/**
 * All proposals, or those of one board, that are not closed.
 *
 * @throws MarketplaceError as `fetchProposal`.
 * @example const proposals = await listProposals(connection, { board });
 */
export function listProposals(
    connection: AccountListSource,
    filter: { board?: PublicKey } = {},
): Promise<WithAddress<Proposal>[]> {
    return reader.list(connection, { board: filter.board });
}

/**
 * Whether nothing can come of a proposal any more, so that it may be closed.
 *
 * @example if (isProposalOver(proposal, board, nowSecs)) instructions.push(...(await getCloseProposalInstructions(input)));
 */
export function isProposalOver(proposal: Proposal, board: Pick<Board, 'seatsEpoch'>, nowSecs: bigint): boolean {
    if (['executed', 'rejected', 'cancelled'].includes(proposal.status)) return true;
    if (proposal.seatsEpoch !== board.seatsEpoch) return true;
    if (proposal.status === 'voting') return nowSecs >= proposal.votingEndsAt;
    return proposal.status === 'queued' && nowSecs >= proposal.expiresAt;
}
