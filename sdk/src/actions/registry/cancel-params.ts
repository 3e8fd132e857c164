import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { findConfigAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getCancelParamsInstructions` needs. */
export interface CancelParamsInput {
    /** The configuration's board: a wallet, or a vault that signs by an executed proposal. Signs. */
    readonly board: PublicKey;
}

/**
 * Drops the queued params.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for what is no public key.
 * @example const instructions = await getCancelParamsInstructions({ board });
 */
export async function getCancelParamsInstructions({ board }: CancelParamsInput): Promise<TransactionInstruction[]> {
    return [buildInstruction('registry', 'cancelParams', { board, config: findConfigAddress() }, {})];
}
