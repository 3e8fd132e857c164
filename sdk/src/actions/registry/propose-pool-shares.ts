import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { findParticipantAddress } from '../../addresses/index.js';
import { BASIS_POINTS } from '../../core/money.js';
import { argumentError } from '../../errors/sdk-error.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getProposePoolSharesInstructions` needs. */
export interface ProposePoolSharesInput {
    /** The participant's cold key. Signs. */
    readonly owner: PublicKey;
    /** Account of the pool. */
    readonly pool: PublicKey;
    /** 2 to 8 members, participant accounts; the shares add up to 10 000. */
    readonly shares: readonly { readonly participant: PublicKey; readonly basisPoints: number }[];
}

/**
 * Replaces members and shares of a pool; everybody but the creator has to agree anew.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID when the shares do not add up to 10 000.
 * @example const instructions = await getProposePoolSharesInstructions({ owner, pool, shares });
 */
export async function getProposePoolSharesInstructions(
    input: ProposePoolSharesInput,
): Promise<TransactionInstruction[]> {
    const { owner, pool, shares } = input;
    const sum = shares.reduce((total, { basisPoints }) => total + basisPoints, 0);
    if (sum !== BASIS_POINTS) throw argumentError('shares', `basis points that add up to ${BASIS_POINTS}`);
    return [
        buildInstruction(
            'registry',
            'proposePoolShares',
            { owner, participant: findParticipantAddress({ owner }), pool },
            { shares: [...shares] },
        ),
    ];
}
