import type { TransactionInstruction } from '@solana/web3.js';
import type { Proposal } from '../../accounts/proposal.js';
import type { WithAddress } from '../../accounts/reader.js';
import { findProposalInstructionAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getCloseProposalInstructions` needs. */
export interface CloseProposalInput {
    /** The proposal as it stands. */
    readonly proposal: Pick<WithAddress<Proposal>, 'address' | 'board' | 'rentPayer' | 'instructionCount'>;
}

/**
 * Closes a proposal of which nothing can come any more (`isProposalOver`); the rent returns to who paid it. Anyone may
 * send it.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for what is no public key.
 * @example const instructions = await getCloseProposalInstructions({ proposal });
 */
export async function getCloseProposalInstructions({
    proposal,
}: CloseProposalInput): Promise<TransactionInstruction[]> {
    const { address, board, rentPayer, instructionCount } = proposal;
    const remaining = Array.from({ length: instructionCount }, (_, index) => ({
        pubkey: findProposalInstructionAddress({ proposal: address, index }),
        isSigner: false,
        isWritable: true,
    }));
    const accounts = { rentPayer, board, proposal: address };
    return [buildInstruction('governance', 'closeProposal', accounts, {}, remaining)];
}
