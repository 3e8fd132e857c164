import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import type { WithAddress } from '../../accounts/reader.js';
import type { RewardPool } from '../../accounts/reward-pool.js';
import { findTokenAccountAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getCancelRewardRootInstructions` needs. */
export interface CancelRewardRootInput {
    /** Owner of the pool's creator; or the aggregator, once the time for vetoes has ended. Signs. */
    readonly authority: PublicKey;
    readonly pool: Pick<
        WithAddress<RewardPool>,
        'address' | 'mint' | 'vault' | 'tokenProgram' | 'aggregator' | 'creator'
    >;
    /** Any token account of the aggregator, for the bond; its associated one when left out. */
    readonly aggregatorTokenAccount?: PublicKey;
}

/**
 * Drops a pool's pending root and gives the bond back to the aggregator.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for what is no public key.
 * @example const instructions = await getCancelRewardRootInstructions({ authority: aggregator, pool });
 */
export async function getCancelRewardRootInstructions(input: CancelRewardRootInput): Promise<TransactionInstruction[]> {
    const { authority, pool } = input;
    const { aggregator, creator, mint, vault, tokenProgram } = pool;
    const own = findTokenAccountAddress({ owner: aggregator, mint, tokenProgram });
    const aggregatorTokenAccount = input.aggregatorTokenAccount ?? own;
    const money = { mint, vault, aggregatorTokenAccount, tokenProgram };
    const accounts = { authority, pool: pool.address, creator, aggregator, ...money };
    return [buildInstruction('settlement', 'cancelRewardRoot', accounts, {})];
}
