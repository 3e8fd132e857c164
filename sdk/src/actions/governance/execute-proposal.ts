import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import type { ProposalInstruction } from '../../accounts/proposal-instruction.js';
import type { WithAddress } from '../../accounts/reader.js';
import { findBoardVaultAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getExecuteProposalInstructions` needs. */
export interface ExecuteProposalInput {
    readonly board: PublicKey;
    readonly proposal: PublicKey;
    /** All of the proposal's instructions, in order (`fetchProposalInstructions`). */
    readonly instructions: readonly WithAddress<ProposalInstruction>[];
}

/**
 * Runs a queued proposal after its time lock, signed by the board's vault. Anyone may send it; signers that an
 * instruction names besides the vault must sign the transaction.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for what is no public key.
 * @example
 * const stored = await fetchProposalInstructions(connection, proposal);
 * const instructions = await getExecuteProposalInstructions({ board, proposal: proposal.address, instructions: stored });
 */
export async function getExecuteProposalInstructions(input: ExecuteProposalInput): Promise<TransactionInstruction[]> {
    const { board, proposal } = input;
    const vault = findBoardVaultAddress({ board });
    const remaining = input.instructions.flatMap(({ address, instruction }) => [
        { pubkey: address, isSigner: false, isWritable: false },
        { pubkey: instruction.programId, isSigner: false, isWritable: false },
        // The vault signs within the program, never the transaction.
        ...instruction.keys.map((key) => ({ ...key, isSigner: key.isSigner && !key.pubkey.equals(vault) })),
    ]);
    return [buildInstruction('governance', 'executeProposal', { board, proposal }, {}, remaining)];
}
