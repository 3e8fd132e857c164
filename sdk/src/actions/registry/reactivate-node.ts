import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { findParticipantAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getReactivateNodeInstructions` needs. */
export interface ReactivateNodeInput {
    /** The seller's cold key. Signs. */
    readonly owner: PublicKey;
    readonly node: PublicKey;
}

/**
 * Brings a deactivated node back into the market.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID when an account is no public key.
 * @example const instructions = await getReactivateNodeInstructions({ owner, node });
 */
export async function getReactivateNodeInstructions(input: ReactivateNodeInput): Promise<TransactionInstruction[]> {
    const { owner, node } = input;
    return [
        buildInstruction(
            'registry',
            'reactivateNode',
            { owner, participant: findParticipantAddress({ owner }), node },
            {},
        ),
    ];
}
