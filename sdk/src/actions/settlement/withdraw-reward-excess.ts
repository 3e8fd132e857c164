import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import type { WithAddress } from '../../accounts/reader.js';
import type { RewardPool } from '../../accounts/reward-pool.js';
import { findTokenAccountAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';
import { assertPositive, assertU64 } from '../checks.js';

/** What `getWithdrawRewardExcessInstructions` needs. */
export interface WithdrawRewardExcessInput {
    /** Owner of the pool's creator. Signs. */
    readonly owner: PublicKey;
    readonly pool: Pick<WithAddress<RewardPool>, 'address' | 'mint' | 'vault' | 'tokenProgram' | 'creator'>;
    readonly amount: bigint;
    /** The owner's associated token account when left out. */
    readonly ownerTokenAccount?: PublicKey;
}

/**
 * Takes back what a pool's vault holds beyond its members' money and the bond of a pending root.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID unless the amount is a positive u64.
 * @example const instructions = await getWithdrawRewardExcessInstructions({ owner, pool, amount: 5n });
 */
export async function getWithdrawRewardExcessInstructions(
    input: WithdrawRewardExcessInput,
): Promise<TransactionInstruction[]> {
    const { owner, pool, amount } = input;
    const { creator, mint, vault, tokenProgram } = pool;
    assertPositive('amount', amount);
    assertU64('amount', amount);
    const ownerTokenAccount = input.ownerTokenAccount ?? findTokenAccountAddress({ owner, mint, tokenProgram });
    const accounts = { owner, creator, pool: pool.address, mint, vault, ownerTokenAccount, tokenProgram };
    return [buildInstruction('settlement', 'withdrawRewardExcess', accounts, { amount })];
}
