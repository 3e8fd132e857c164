import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import type { WithAddress } from '../../accounts/reader.js';
import type { RewardPool } from '../../accounts/reward-pool.js';
import { findTokenAccountAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';
import { assertPositive, assertU64 } from '../checks.js';

/** What `getFundRewardPoolInstructions` needs. */
export interface FundRewardPoolInput {
    /** Owner of the tokens; anyone may fund. Signs. */
    readonly funder: PublicKey;
    readonly pool: Pick<WithAddress<RewardPool>, 'address' | 'mint' | 'vault' | 'tokenProgram'>;
    /** Base units of the pool's mint. */
    readonly amount: bigint;
    /** Where the tokens come from; the funder's associated token account when left out. */
    readonly funderTokenAccount?: PublicKey;
}

/**
 * Moves tokens into a pool's vault. They are the members' as far as an active root promises them, the creator's beyond.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID unless the amount is a positive u64.
 * @example const instructions = await getFundRewardPoolInstructions({ funder, pool, amount: 25_000_000n });
 */
export async function getFundRewardPoolInstructions(input: FundRewardPoolInput): Promise<TransactionInstruction[]> {
    const { funder, pool, amount } = input;
    const { mint, vault, tokenProgram } = pool;
    assertPositive('amount', amount);
    assertU64('amount', amount);
    const accounts = {
        funder,
        pool: pool.address,
        mint,
        vault,
        funderTokenAccount: input.funderTokenAccount ?? findTokenAccountAddress({ owner: funder, mint, tokenProgram }),
        tokenProgram,
    };
    return [buildInstruction('settlement', 'fundRewardPool', accounts, { amount })];
}
