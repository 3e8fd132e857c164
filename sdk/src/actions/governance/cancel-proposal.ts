import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getCancelProposalInstructions` needs. */
export interface CancelProposalInput {
    /** Signs. */
    readonly proposer: PublicKey;
    readonly proposal: PublicKey;
}

/**
 * Takes back a proposal that is not decided yet.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for what is no public key.
 * @example const instructions = await getCancelProposalInstructions({ proposer, proposal });
 */
export async function getCancelProposalInstructions(input: CancelProposalInput): Promise<TransactionInstruction[]> {
    const { proposer, proposal } = input;
    return [buildInstruction('governance', 'cancelProposal', { proposer, proposal }, {})];
}
