import { type PublicKey, SYSVAR_SLOT_HASHES_PUBKEY, type TransactionInstruction } from '@solana/web3.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getSeedCommitmentInstructions` needs. */
export interface SeedCommitmentInput {
    readonly commitment: PublicKey;
}

/**
 * Draws the samples of a commitment from the hash of its `seedTargetSlot`, once that slot is produced. Anyone may. From then
 * on the samples must be proved within `contract.proveWindowSecs`.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for what is no public key.
 * @example const instructions = await getSeedCommitmentInstructions({ commitment: commitment.address });
 */
export async function getSeedCommitmentInstructions(input: SeedCommitmentInput): Promise<TransactionInstruction[]> {
    const accounts = { commitment: input.commitment, slotHashes: SYSVAR_SLOT_HASHES_PUBKEY };
    return [buildInstruction('settlement', 'seedCommitment', accounts, {})];
}
