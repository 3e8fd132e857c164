import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import type { WithAddress } from '../../accounts/reader.js';
import type { RewardPool } from '../../accounts/reward-pool.js';
import { findTokenAccountAddress } from '../../addresses/index.js';
import { assertRewardSuccessor, type RewardRoot } from '../../core/rewards.js';
import { buildInstruction } from '../../programs/instruction.js';
import { assertHash, assertInteger, assertU64 } from '../checks.js';

/** Most members of a root: their proofs of twenty hashes still fit one transaction. */
export const MAX_REWARD_COUNT = 1 << 20;

/** What `getProposeRewardRootInstructions` needs. */
export interface ProposeRewardRootInput {
    readonly pool: Pick<
        WithAddress<RewardPool>,
        'address' | 'mint' | 'vault' | 'tokenProgram' | 'aggregator' | 'active'
    >;
    /** For example of `buildRewardTree`. */
    readonly tree: RewardRoot;
    /** Pays the bond; the aggregator's associated token account when left out. */
    readonly aggregatorTokenAccount?: PublicKey;
}

/**
 * Proposes the next root of a pool. The aggregator signs and puts up the pool's bond.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for a root that is not 32 bytes, no or too many members, or a total that
 * is no u64; MKT_CORE__REWARD_COUNT_DECREASED and MKT_CORE__REWARD_TOTAL_DECREASED for less than the active root has.
 * @example const instructions = await getProposeRewardRootInstructions({ pool, tree: buildRewardTree(members) });
 */
export async function getProposeRewardRootInstructions(
    input: ProposeRewardRootInput,
): Promise<TransactionInstruction[]> {
    const { pool, tree } = input;
    const { aggregator, mint, vault, tokenProgram } = pool;
    const { root, count, totalLifetime } = tree;
    assertHash('tree.root', root);
    assertInteger('tree.count', count, 1, MAX_REWARD_COUNT);
    assertU64('tree.totalLifetime', totalLifetime);
    assertRewardSuccessor(pool.active, tree);
    const own = findTokenAccountAddress({ owner: aggregator, mint, tokenProgram });
    const accounts = {
        aggregator,
        pool: pool.address,
        mint,
        vault,
        aggregatorTokenAccount: input.aggregatorTokenAccount ?? own,
        tokenProgram,
    };
    return [buildInstruction('settlement', 'proposeRewardRoot', accounts, { args: { root, count, totalLifetime } })];
}
