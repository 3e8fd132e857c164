import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getOpenVotingInstructions` needs. */
export interface OpenVotingInput {
    /** Signs. */
    readonly proposer: PublicKey;
    readonly board: PublicKey;
    readonly proposal: PublicKey;
}

/**
 * Puts a complete draft to the vote; nothing of it can be changed from here on.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for what is no public key.
 * @example const instructions = await getOpenVotingInstructions({ proposer, board, proposal });
 */
export async function getOpenVotingInstructions(input: OpenVotingInput): Promise<TransactionInstruction[]> {
    const { proposer, board, proposal } = input;
    return [buildInstruction('governance', 'openVoting', { proposer, board, proposal }, {})];
}
