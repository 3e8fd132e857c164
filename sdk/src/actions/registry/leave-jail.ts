import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { findParticipantAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getLeaveJailInstructions` needs. */
export interface LeaveJailInput {
    /** The participant's cold key. Signs. */
    readonly owner: PublicKey;
}

/**
 * Lets a jailed participant commit and sell again, thirty days after the first slash that counted (`slashWindowBeganAt`).
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for what is no public key.
 * @example const instructions = await getLeaveJailInstructions({ owner });
 */
export async function getLeaveJailInstructions({ owner }: LeaveJailInput): Promise<TransactionInstruction[]> {
    const accounts = { owner, participant: findParticipantAddress({ owner }) };
    return [buildInstruction('registry', 'leaveJail', accounts, {})];
}
