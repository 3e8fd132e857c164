import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { findConfigAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getCancelAuthoritiesInstructions` needs. */
export interface CancelAuthoritiesInput {
    /** The configuration's board: a wallet, or a vault that signs by an executed proposal. Signs. */
    readonly board: PublicKey;
}

/**
 * Drops the queued authorities.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for what is no public key.
 * @example const instructions = await getCancelAuthoritiesInstructions({ board });
 */
export async function getCancelAuthoritiesInstructions({
    board,
}: CancelAuthoritiesInput): Promise<TransactionInstruction[]> {
    return [buildInstruction('registry', 'cancelAuthorities', { board, config: findConfigAddress() }, {})];
}
