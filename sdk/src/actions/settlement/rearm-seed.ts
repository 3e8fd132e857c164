import { type PublicKey, SYSVAR_SLOT_HASHES_PUBKEY, type TransactionInstruction } from '@solana/web3.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getRearmSeedInstructions` needs. */
export interface RearmSeedInput {
    readonly contract: { readonly address: PublicKey };
    readonly commitment: PublicKey;
}

/**
 * Sets a later seed slot when the hash of the first is no longer known (about 3.5 minutes after it), for twice the samples.
 * Anyone may, three times.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for what is no public key.
 * @example const instructions = await getRearmSeedInstructions({ contract, commitment: commitment.address });
 */
export async function getRearmSeedInstructions(input: RearmSeedInput): Promise<TransactionInstruction[]> {
    const { contract, commitment } = input;
    const accounts = { contract: contract.address, commitment, slotHashes: SYSVAR_SLOT_HASHES_PUBKEY };
    return [buildInstruction('settlement', 'rearmSeed', accounts, {})];
}
