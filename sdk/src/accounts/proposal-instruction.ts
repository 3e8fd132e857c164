import { type PublicKey, TransactionInstruction } from '@solana/web3.js';
import { findProposalInstructionAddress } from '../addresses/index.js';
import { sdkError } from '../errors/sdk-error.js';
import { type AccountSource, createReader, type WithAddress } from './reader.js';

/** One instruction of a proposal, as it is stored. */
export interface ProposalInstruction {
    readonly proposal: PublicKey;
    readonly index: number;
    /** Bytes that the data will have once it is whole. */
    readonly dataBytes: number;
    /** What will run, with the data written so far. */
    readonly instruction: TransactionInstruction;
}

const reader = createReader(
    'governance',
    'ProposalInstruction',
    ({ proposal, index, dataBytes, programId, accounts, data }): ProposalInstruction => ({
        proposal,
        index,
        dataBytes,
        instruction: new TransactionInstruction({
            programId,
            keys: accounts.map(({ address, isSigner, isWritable }) => ({ pubkey: address, isSigner, isWritable })),
            data: data as Buffer,
        }),
    }),
);

/** Reads a proposal's instruction from account data. @throws MarketplaceError MKT_SDK__ACCOUNT_{TRUNCATED,DISCRIMINATOR,VERSION} */
export const decodeProposalInstruction = reader.decode;

/**
 * A proposal's instruction, or null when none stands at the address (`findProposalInstructionAddress`).
 *
 * @throws MarketplaceError as `decodeProposalInstruction`, and MKT_SDK__ACCOUNT_OWNER.
 * @example const first = await fetchProposalInstruction(connection, findProposalInstructionAddress({ proposal, index: 0 }));
 */
export function fetchProposalInstruction(
    connection: AccountSource,
    address: PublicKey,
): Promise<WithAddress<ProposalInstruction> | null> {
    return reader.fetch(connection, address);
}

/**
 * All instructions of a proposal in their order: what a member reads before voting, and what execution needs.
 *
 * @throws MarketplaceError as `fetchProposalInstruction`, and MKT_SDK__ACCOUNT_MISSING when one is not there.
 * @example const instructions = await fetchProposalInstructions(connection, proposal);
 */
export async function fetchProposalInstructions(
    connection: AccountSource,
    proposal: { readonly address: PublicKey; readonly instructionCount: number },
): Promise<WithAddress<ProposalInstruction>[]> {
    return Promise.all(
        Array.from({ length: proposal.instructionCount }, async (_, index) => {
            const address = findProposalInstructionAddress({ proposal: proposal.address, index });
            const found = await fetchProposalInstruction(connection, address);
            if (!found) {
                throw sdkError('MKT_SDK__ACCOUNT_MISSING', {
                    account: 'ProposalInstruction',
                    address: address.toBase58(),
                });
            }
            return found;
        }),
    );
}
