import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { findParticipantAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getCloseNodeInstructions` needs. */
export interface CloseNodeInput {
    /** The seller's cold key. Signs. */
    readonly owner: PublicKey;
    readonly node: PublicKey;
}

/**
 * Closes a deactivated node; its rent goes to the owner and its number is never used again.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID when an account is no public key.
 * @example const instructions = await getCloseNodeInstructions({ owner, node });
 */
export async function getCloseNodeInstructions(input: CloseNodeInput): Promise<TransactionInstruction[]> {
    const { owner, node } = input;
    return [
        buildInstruction('registry', 'closeNode', { owner, participant: findParticipantAddress({ owner }), node }, {}),
    ];
}
