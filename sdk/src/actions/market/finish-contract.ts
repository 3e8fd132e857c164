import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getFinishContractInstructions` needs. */
export interface FinishContractInput {
    readonly contract: PublicKey;
}

/**
 * Declares a closing contract settled once its settle window has ended and no commitment is open. Anyone may.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for what is no public key.
 * @example const instructions = await getFinishContractInstructions({ contract });
 */
export async function getFinishContractInstructions(input: FinishContractInput): Promise<TransactionInstruction[]> {
    return [buildInstruction('market', 'finishContract', { contract: input.contract }, {})];
}
