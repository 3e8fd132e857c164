import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { findBoardAddress, findBoardVaultAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';
import { type BoardRules, encodeBoardRules } from './board-rules.js';

/** What `getCreateBoardInstructions` needs. */
export interface CreateBoardInput extends BoardRules {
    /** Pays the rent; `creator` when left out. Signs. */
    readonly payer?: PublicKey;
    /** Part of the board's address; has no power over it. Signs. */
    readonly creator: PublicKey;
    /** Tells the boards of one creator apart. */
    readonly id: number;
    /** Lowers the least times to one second, for ever; never where money is. */
    readonly development: boolean;
}

/**
 * Creates a board. It has no power until someone gives its vault (`findBoardVaultAddress`) one.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for seats that are none, too many or twice the same, or a threshold
 * of half of the weights or less.
 * @example
 * const day = 86_400;
 * const instructions = await getCreateBoardInstructions({ creator, id: 0, development: false, seats: [{ member: a },
 *     { member: b }, { member: c }], threshold: 2, timelockSecs: 3 * day, votingPeriodSecs: 7 * day });
 */
export async function getCreateBoardInstructions(input: CreateBoardInput): Promise<TransactionInstruction[]> {
    const { creator, payer = creator, id, development } = input;
    const rules = encodeBoardRules(input);
    const board = findBoardAddress({ creator, id });
    const accounts = { payer, creator, board, vault: findBoardVaultAddress({ board }) };
    return [buildInstruction('governance', 'createBoard', accounts, { args: { id, development, rules } })];
}
