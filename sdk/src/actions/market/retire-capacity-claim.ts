import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { findParticipantAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getRetireCapacityClaimInstructions` needs. */
export interface RetireCapacityClaimInput {
    /** The seller's cold key. Signs. */
    readonly owner: PublicKey;
    readonly capacityClaim: PublicKey;
}

/**
 * Takes a claim on which no contract holds a share out of the market.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for what is no public key.
 * @example const instructions = await getRetireCapacityClaimInstructions({ owner, capacityClaim });
 */
export async function getRetireCapacityClaimInstructions(
    input: RetireCapacityClaimInput,
): Promise<TransactionInstruction[]> {
    const { owner, capacityClaim } = input;
    const accounts = { owner, participant: findParticipantAddress({ owner }), capacityClaim };
    return [buildInstruction('market', 'retireCapacityClaim', accounts, {})];
}
