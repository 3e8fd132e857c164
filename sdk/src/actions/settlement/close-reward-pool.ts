import type { TransactionInstruction } from '@solana/web3.js';
import type { WithAddress } from '../../accounts/reader.js';
import type { RewardPool } from '../../accounts/reward-pool.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getCloseRewardPoolInstructions` needs. */
export interface CloseRewardPoolInput {
    readonly pool: Pick<WithAddress<RewardPool>, 'address' | 'vault' | 'rentPayer' | 'tokenProgram'>;
}

/**
 * Closes a retired pool without statuses and its empty vault; the rent goes back to who paid it. Anyone may. Tokens that
 * arrive late are first taken back with `getWithdrawRewardExcessInstructions`, best in the same transaction.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for what is no public key.
 * @example const instructions = await getCloseRewardPoolInstructions({ pool });
 */
export async function getCloseRewardPoolInstructions({
    pool,
}: CloseRewardPoolInput): Promise<TransactionInstruction[]> {
    const { vault, rentPayer, tokenProgram } = pool;
    const accounts = { pool: pool.address, vault, rentPayer, tokenProgram };
    return [buildInstruction('settlement', 'closeRewardPool', accounts, {})];
}
