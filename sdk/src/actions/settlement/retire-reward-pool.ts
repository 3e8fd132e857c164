import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import type { WithAddress } from '../../accounts/reader.js';
import type { RewardPool } from '../../accounts/reward-pool.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getRetireRewardPoolInstructions` needs. */
export interface RetireRewardPoolInput {
    /** Owner of the pool's creator. Signs. */
    readonly owner: PublicKey;
    readonly pool: Pick<WithAddress<RewardPool>, 'address' | 'creator'>;
}

/**
 * Ends a pool whose members are all paid: no root can follow.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for what is no public key.
 * @example const instructions = await getRetireRewardPoolInstructions({ owner, pool });
 */
export async function getRetireRewardPoolInstructions(input: RetireRewardPoolInput): Promise<TransactionInstruction[]> {
    const { owner, pool } = input;
    const accounts = { owner, creator: pool.creator, pool: pool.address };
    return [buildInstruction('settlement', 'retireRewardPool', accounts, {})];
}
