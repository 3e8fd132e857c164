import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import type { Board } from '../../accounts/board.js';
import type { WithAddress } from '../../accounts/reader.js';
import { findProposalAddress } from '../../addresses/index.js';
import { argumentError } from '../../errors/sdk-error.js';
import { getAddInstructionInstructions } from './add-instruction.js';
import { getCreateProposalInstructions } from './create-proposal.js';
import { getOpenVotingInstructions } from './open-voting.js';

const MAX_INSTRUCTIONS = 4;

/** What `getProposeInstructions` needs. */
export interface ProposeInput {
    /** Holds a seat and pays. Signs. */
    readonly proposer: PublicKey;
    readonly board: Pick<WithAddress<Board>, 'address' | 'proposalCount'>;
    /** SHA-256 of the text that explains the proposal. */
    readonly descriptionHash: Uint8Array;
    /** What the board's vault will sign: one to four. */
    readonly instructions: readonly TransactionInstruction[];
}

/**
 * A whole proposal, from draft to open vote: one list of instructions for each transaction, to be sent in order.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for none or more than four instructions, and as
 * `getAddInstructionInstructions`.
 * @example
 * const change = await getQueueParamsInstructions({ board: findBoardVaultAddress({ board: board.address }), params });
 * const transactions = await getProposeInstructions({ proposer, board, descriptionHash, instructions: change });
 */
export async function getProposeInstructions(input: ProposeInput): Promise<TransactionInstruction[][]> {
    const { proposer, descriptionHash, instructions } = input;
    const { address: board, proposalCount: number } = input.board;
    if (instructions.length < 1 || instructions.length > MAX_INSTRUCTIONS) {
        throw argumentError('instructions', 'one to four instructions');
    }
    const proposal = findProposalAddress({ board, number });
    const transactions = [await getCreateProposalInstructions({ proposer, board, number, descriptionHash })];
    for (const [index, instruction] of instructions.entries()) {
        const added = await getAddInstructionInstructions({ proposer, proposal, index, instruction });
        transactions.push(...added.map((each) => [each]));
    }
    transactions.push(await getOpenVotingInstructions({ proposer, board, proposal }));
    return transactions;
}
