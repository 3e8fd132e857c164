import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { findBoardVaultAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';
import { type BoardRules, encodeBoardRules } from './board-rules.js';

/** What `getUpdateBoardInstructions` needs. */
export interface UpdateBoardInput extends BoardRules {
    readonly board: PublicKey;
}

/**
 * Replaces a board's seats and rules. Only the board's vault can sign it: put it into a proposal. All other proposals of
 * the board are void once it has run.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID as `getCreateBoardInstructions`.
 * @example
 * const change = await getUpdateBoardInstructions({ ...board, board: board.address, seats: [...board.seats, { member }] });
 * const transactions = await getProposeInstructions({ proposer, board, descriptionHash, instructions: change });
 */
export async function getUpdateBoardInstructions(input: UpdateBoardInput): Promise<TransactionInstruction[]> {
    const { board } = input;
    const accounts = { vault: findBoardVaultAddress({ board }), board };
    return [buildInstruction('governance', 'updateBoard', accounts, { rules: encodeBoardRules(input) })];
}
