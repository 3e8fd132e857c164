import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { findProposalInstructionAddress } from '../../addresses/index.js';
import { argumentError } from '../../errors/sdk-error.js';
import { buildInstruction } from '../../programs/instruction.js';
import { getAppendInstructionDataInstructions } from './append-instruction-data.js';

const MAX_ACCOUNTS = 16;
const MAX_DATA_BYTES = 1_024;
/** What one transaction has room for besides keys, signatures and framing; an account takes 34 bytes. */
const CHUNK_BYTES = 700;
const ACCOUNT_BYTES = 34;

/** What `getAddInstructionInstructions` needs. */
export interface AddInstructionInput {
    /** Who paid for the proposal; `proposer` when left out. Signs. */
    readonly rentPayer?: PublicKey;
    /** Signs. */
    readonly proposer: PublicKey;
    readonly proposal: PublicKey;
    /** The proposal's `instructionCount`. */
    readonly index: number;
    /** What the proposal will run, with the board's vault among its signers. */
    readonly instruction: TransactionInstruction;
}

/**
 * Adds an instruction to a draft. Each instruction returned fills a transaction of its own: the first makes the account,
 * those after it write what data did not fit.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for more than sixteen accounts or 1 024 bytes of data.
 * @example for (const each of await getAddInstructionInstructions({ proposer, proposal, index: 0, instruction })) await send([each]);
 */
export async function getAddInstructionInstructions(input: AddInstructionInput): Promise<TransactionInstruction[]> {
    const { proposer, rentPayer = proposer, proposal, index, instruction } = input;
    const { keys, data, programId } = instruction;
    if (keys.length > MAX_ACCOUNTS) throw argumentError('instruction.keys', 'at most sixteen accounts');
    if (data.length > MAX_DATA_BYTES) throw argumentError('instruction.data', 'at most 1024 bytes');
    const first = Math.min(data.length, CHUNK_BYTES - ACCOUNT_BYTES * keys.length);
    const args = {
        index,
        programId,
        accounts: keys.map(({ pubkey, isSigner, isWritable }) => ({ address: pubkey, isSigner, isWritable })),
        dataBytes: data.length,
        data: Uint8Array.from(data.subarray(0, first)),
    };
    const account = findProposalInstructionAddress({ proposal, index });
    const accounts = { rentPayer, proposer, proposal, instruction: account };
    const instructions = [buildInstruction('governance', 'addInstruction', accounts, { args })];
    for (let offset = first; offset < data.length; offset += CHUNK_BYTES) {
        const bytes = Uint8Array.from(data.subarray(offset, offset + CHUNK_BYTES));
        instructions.push(
            ...(await getAppendInstructionDataInstructions({ proposer, proposal, index, offset, bytes })),
        );
    }
    return instructions;
}
