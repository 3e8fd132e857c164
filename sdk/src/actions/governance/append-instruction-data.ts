import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { findProposalInstructionAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getAppendInstructionDataInstructions` needs. */
export interface AppendInstructionDataInput {
    /** Signs. */
    readonly proposer: PublicKey;
    readonly proposal: PublicKey;
    readonly index: number;
    /** Bytes that stand there already. */
    readonly offset: number;
    readonly bytes: Uint8Array;
}

/**
 * Writes the next bytes of an instruction's data in a draft; `getAddInstructionInstructions` does it for the rest of what
 * it is given.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for an index or offset that does not fit its field.
 * @example const instructions = await getAppendInstructionDataInstructions({ proposer, proposal, index: 0, offset: 700, bytes });
 */
export async function getAppendInstructionDataInstructions(
    input: AppendInstructionDataInput,
): Promise<TransactionInstruction[]> {
    const { proposer, proposal, index, offset, bytes } = input;
    const accounts = { proposer, proposal, instruction: findProposalInstructionAddress({ proposal, index }) };
    return [buildInstruction('governance', 'appendInstructionData', accounts, { args: { offset, bytes } })];
}
