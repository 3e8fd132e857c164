import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { findParticipantAddress, findPoolAddress } from '../../addresses/index.js';
import { BASIS_POINTS } from '../../core/money.js';
import { argumentError } from '../../errors/sdk-error.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getCreatePoolInstructions` needs. */
export interface CreatePoolInput {
    /** The participant's cold key. Signs. */
    readonly owner: PublicKey;
    /** A number of the creator's own choice. */
    readonly index: number;
    /** 2 to 8 members, participant accounts; the shares add up to 10 000. */
    readonly shares: readonly { readonly participant: PublicKey; readonly basisPoints: number }[];
}

/**
 * Creates a pool and invites its members; the creator's own share needs no acceptance.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID when the shares do not add up to 10 000.
 * @example const instructions = await getCreatePoolInstructions({ owner, index: 0, shares });
 */
export async function getCreatePoolInstructions(input: CreatePoolInput): Promise<TransactionInstruction[]> {
    const { owner, index, shares } = input;
    const sum = shares.reduce((total, { basisPoints }) => total + basisPoints, 0);
    if (sum !== BASIS_POINTS) throw argumentError('shares', `basis points that add up to ${BASIS_POINTS}`);
    const participant = findParticipantAddress({ owner });
    const accounts = { owner, participant, pool: findPoolAddress({ creator: participant, index }) };
    return [buildInstruction('registry', 'createPool', accounts, { index, shares: [...shares] })];
}
