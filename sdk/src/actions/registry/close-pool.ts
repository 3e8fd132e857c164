import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { findParticipantAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getClosePoolInstructions` needs. */
export interface ClosePoolInput {
    /** The participant's cold key. Signs. */
    readonly owner: PublicKey;
    /** Account of the pool. */
    readonly pool: PublicKey;
}

/**
 * Closes a pool; its rent goes to the owner of the creator.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID when an account is no public key.
 * @example const instructions = await getClosePoolInstructions({ owner, pool });
 */
export async function getClosePoolInstructions(input: ClosePoolInput): Promise<TransactionInstruction[]> {
    const { owner, pool } = input;
    return [
        buildInstruction('registry', 'closePool', { owner, participant: findParticipantAddress({ owner }), pool }, {}),
    ];
}
