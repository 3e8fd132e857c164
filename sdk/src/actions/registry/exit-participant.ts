import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { findParticipantAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getExitParticipantInstructions` needs. */
export interface ExitParticipantInput {
    /** The participant's cold key. Signs. */
    readonly owner: PublicKey;
}

/**
 * Leaves the market for good: no contract, no locked stake and no active node may be left.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID when the owner is no public key.
 * @example const instructions = await getExitParticipantInstructions({ owner });
 */
export async function getExitParticipantInstructions(input: ExitParticipantInput): Promise<TransactionInstruction[]> {
    const { owner } = input;
    return [
        buildInstruction('registry', 'exitParticipant', { owner, participant: findParticipantAddress({ owner }) }, {}),
    ];
}
