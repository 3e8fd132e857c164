import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { findProposalAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';
import { assertHash } from '../checks.js';

/** What `getCreateProposalInstructions` needs. */
export interface CreateProposalInput {
    /** Pays the rent and gets it back; `proposer` when left out. Signs. */
    readonly payer?: PublicKey;
    /** Holds a seat. Signs. */
    readonly proposer: PublicKey;
    readonly board: PublicKey;
    /** The board's `proposalCount`. */
    readonly number: bigint;
    /** SHA-256 of the text that explains the proposal. */
    readonly descriptionHash: Uint8Array;
}

/**
 * Begins a proposal as a draft without instructions.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for a hash that is not 32 bytes.
 * @example const instructions = await getCreateProposalInstructions({ proposer, board, number, descriptionHash });
 */
export async function getCreateProposalInstructions(input: CreateProposalInput): Promise<TransactionInstruction[]> {
    const { proposer, payer = proposer, board, number, descriptionHash } = input;
    assertHash('descriptionHash', descriptionHash);
    const accounts = { payer, proposer, board, proposal: findProposalAddress({ board, number }) };
    return [buildInstruction('governance', 'createProposal', accounts, { args: { number, descriptionHash } })];
}
