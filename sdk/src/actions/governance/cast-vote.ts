import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import type { Ballot } from '../../accounts/proposal.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getCastVoteInstructions` needs. */
export interface CastVoteInput {
    /** Holds a seat. Signs. */
    readonly member: PublicKey;
    readonly board: PublicKey;
    readonly proposal: PublicKey;
    /** `none` takes a vote back. */
    readonly ballot: Ballot;
}

/**
 * Votes on a proposal, in place of what the seat voted before. At the threshold the proposal is queued or rejected; a
 * queued one takes votes against it until it is executed.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for an unknown ballot.
 * @example const instructions = await getCastVoteInstructions({ member, board, proposal, ballot: 'for' });
 */
export async function getCastVoteInstructions(input: CastVoteInput): Promise<TransactionInstruction[]> {
    const { member, board, proposal, ballot } = input;
    return [buildInstruction('governance', 'castVote', { member, board, proposal }, { ballot })];
}
