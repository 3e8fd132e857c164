import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { findConfigAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getAllowMintInstructions` needs. */
export interface AllowMintInput {
    /** The configuration's board. Signs. */
    readonly board: PublicKey;
    readonly mint: PublicKey;
}

/**
 * Puts a mint on the allow-list; the program refuses Token-2022 extensions that can move, tax, hide or freeze tokens.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for what is no public key.
 * @example const instructions = await getAllowMintInstructions({ board, mint });
 */
export async function getAllowMintInstructions({ board, mint }: AllowMintInput): Promise<TransactionInstruction[]> {
    return [buildInstruction('registry', 'allowMint', { board, config: findConfigAddress(), mint }, {})];
}
