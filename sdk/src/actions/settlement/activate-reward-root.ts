import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import type { WithAddress } from '../../accounts/reader.js';
import type { RewardPool } from '../../accounts/reward-pool.js';
import { findTokenAccountAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getActivateRewardRootInstructions` needs. */
export interface ActivateRewardRootInput {
    readonly pool: Pick<WithAddress<RewardPool>, 'address' | 'mint' | 'vault' | 'tokenProgram' | 'aggregator'>;
    /** Any token account of the aggregator, for the bond; its associated one when left out. */
    readonly aggregatorTokenAccount?: PublicKey;
}

/**
 * Puts a pool's pending root into force once the time for vetoes has ended. Anyone may.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for what is no public key.
 * @example const instructions = await getActivateRewardRootInstructions({ pool });
 */
export async function getActivateRewardRootInstructions(
    input: ActivateRewardRootInput,
): Promise<TransactionInstruction[]> {
    const { address, aggregator, mint, vault, tokenProgram } = input.pool;
    const own = findTokenAccountAddress({ owner: aggregator, mint, tokenProgram });
    const aggregatorTokenAccount = input.aggregatorTokenAccount ?? own;
    const accounts = { pool: address, aggregator, mint, vault, aggregatorTokenAccount, tokenProgram };
    return [buildInstruction('settlement', 'activateRewardRoot', accounts, {})];
}
