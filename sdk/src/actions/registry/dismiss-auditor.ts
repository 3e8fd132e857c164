import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { findConfigAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getDismissAuditorInstructions` needs. */
export interface DismissAuditorInput {
    /** The board of the configuration. Signs. */
    readonly board: PublicKey;
    /** Participant account of the auditor. */
    readonly participant: PublicKey;
}

/**
 * Ends an auditor's admission.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID when an account is no public key.
 * @example const instructions = await getDismissAuditorInstructions({ board, participant });
 */
export async function getDismissAuditorInstructions(input: DismissAuditorInput): Promise<TransactionInstruction[]> {
    const { board, participant } = input;
    return [buildInstruction('registry', 'dismissAuditor', { board, config: findConfigAddress(), participant }, {})];
}
