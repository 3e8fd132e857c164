import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { findParticipantAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getCloseParticipantInstructions` needs. */
export interface CloseParticipantInput {
    /** The participant's cold key. Signs. */
    readonly owner: PublicKey;
}

/**
 * Closes an exited participant that holds nothing more; a tombstone stays at its address.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID when the owner is no public key.
 * @example const instructions = await getCloseParticipantInstructions({ owner });
 */
export async function getCloseParticipantInstructions(input: CloseParticipantInput): Promise<TransactionInstruction[]> {
    const { owner } = input;
    return [
        buildInstruction('registry', 'closeParticipant', { owner, participant: findParticipantAddress({ owner }) }, {}),
    ];
}
