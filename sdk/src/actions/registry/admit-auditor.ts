import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { findConfigAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getAdmitAuditorInstructions` needs. */
export interface AdmitAuditorInput {
    /** The board of the configuration. Signs. */
    readonly board: PublicKey;
    /** Participant account of the auditor. */
    readonly participant: PublicKey;
}

/**
 * Admits a registered auditor.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID when an account is no public key.
 * @example const instructions = await getAdmitAuditorInstructions({ board, participant });
 */
export async function getAdmitAuditorInstructions(input: AdmitAuditorInput): Promise<TransactionInstruction[]> {
    const { board, participant } = input;
    return [buildInstruction('registry', 'admitAuditor', { board, config: findConfigAddress(), participant }, {})];
}
