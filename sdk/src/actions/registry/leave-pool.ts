import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { findParticipantAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getLeavePoolInstructions` needs. */
export interface LeavePoolInput {
    /** The participant's cold key. Signs. */
    readonly owner: PublicKey;
    /** Account of the pool. */
    readonly pool: PublicKey;
}

/**
 * Leaves a pool; running contracts keep their splits.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID when an account is no public key.
 * @example const instructions = await getLeavePoolInstructions({ owner, pool });
 */
export async function getLeavePoolInstructions(input: LeavePoolInput): Promise<TransactionInstruction[]> {
    const { owner, pool } = input;
    return [
        buildInstruction('registry', 'leavePool', { owner, participant: findParticipantAddress({ owner }), pool }, {}),
    ];
}
