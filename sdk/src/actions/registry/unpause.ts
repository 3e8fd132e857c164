import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { findConfigAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getUnpauseInstructions` needs. */
export interface UnpauseInput {
    /** The configuration's board or guardian. Signs. */
    readonly authority: PublicKey;
}

/**
 * Ends a pause before its time.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for what is no public key.
 * @example const instructions = await getUnpauseInstructions({ authority: guardian });
 */
export async function getUnpauseInstructions({ authority }: UnpauseInput): Promise<TransactionInstruction[]> {
    return [buildInstruction('registry', 'unpause', { authority, config: findConfigAddress() }, {})];
}
