import type { TransactionInstruction } from '@solana/web3.js';
import type { DeliveryCommitment } from '../../accounts/delivery-commitment.js';
import type { WithAddress } from '../../accounts/reader.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getCloseCommitmentInstructions` needs. */
export interface CloseCommitmentInput {
    readonly commitment: Pick<WithAddress<DeliveryCommitment>, 'address' | 'rentPayer'>;
}

/**
 * Removes an ended commitment after its commit window; the rent goes back to who paid it. Anyone may.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for what is no public key.
 * @example const instructions = await getCloseCommitmentInstructions({ commitment });
 */
export async function getCloseCommitmentInstructions(input: CloseCommitmentInput): Promise<TransactionInstruction[]> {
    const { address, rentPayer } = input.commitment;
    return [buildInstruction('settlement', 'closeCommitment', { commitment: address, rentPayer }, {})];
}
