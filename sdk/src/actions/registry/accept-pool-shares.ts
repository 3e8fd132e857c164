import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { findParticipantAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getAcceptPoolSharesInstructions` needs. */
export interface AcceptPoolSharesInput {
    /** The participant's cold key. Signs. */
    readonly owner: PublicKey;
    /** Account of the pool. */
    readonly pool: PublicKey;
    /** `Pool.revision` of the shares that the member has read. */
    readonly revision: number;
}

/**
 * Agrees to a member's share.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID when the revision is no u32.
 * @example const instructions = await getAcceptPoolSharesInstructions({ owner, pool, revision: 1 });
 */
export async function getAcceptPoolSharesInstructions(input: AcceptPoolSharesInput): Promise<TransactionInstruction[]> {
    const { owner, pool, revision } = input;
    return [
        buildInstruction(
            'registry',
            'acceptPoolShares',
            { owner, participant: findParticipantAddress({ owner }), pool },
            { revision },
        ),
    ];
}
