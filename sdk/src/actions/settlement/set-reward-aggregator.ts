import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import type { WithAddress } from '../../accounts/reader.js';
import type { RewardPool } from '../../accounts/reward-pool.js';
import { buildInstruction } from '../../programs/instruction.js';
import { assertKeySet } from '../checks.js';

/** What `getSetRewardAggregatorInstructions` needs. */
export interface SetRewardAggregatorInput {
    /** Owner of the pool's creator. Signs. */
    readonly owner: PublicKey;
    readonly pool: Pick<WithAddress<RewardPool>, 'address' | 'creator'>;
    readonly aggregator: PublicKey;
}

/**
 * Replaces the key that proposes a pool's roots, while no root is pending.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for an aggregator of zeros.
 * @example const instructions = await getSetRewardAggregatorInstructions({ owner, pool, aggregator });
 */
export async function getSetRewardAggregatorInstructions(
    input: SetRewardAggregatorInput,
): Promise<TransactionInstruction[]> {
    const { owner, pool, aggregator } = input;
    assertKeySet('aggregator', aggregator);
    const accounts = { owner, creator: pool.creator, pool: pool.address };
    return [buildInstruction('settlement', 'setRewardAggregator', accounts, { aggregator })];
}
