import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { findParticipantAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getDeactivateNodeInstructions` needs. */
export interface DeactivateNodeInput {
    /** The seller's cold key. Signs. */
    readonly owner: PublicKey;
    readonly node: PublicKey;
}

/**
 * Takes a node on which nothing is committed out of the market.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID when an account is no public key.
 * @example const instructions = await getDeactivateNodeInstructions({ owner, node });
 */
export async function getDeactivateNodeInstructions(input: DeactivateNodeInput): Promise<TransactionInstruction[]> {
    const { owner, node } = input;
    return [
        buildInstruction(
            'registry',
            'deactivateNode',
            { owner, participant: findParticipantAddress({ owner }), node },
            {},
        ),
    ];
}
