import { PublicKey, type TransactionInstruction } from '@solana/web3.js';
import type { WithAddress } from '../../accounts/reader.js';
import type { RewardPool } from '../../accounts/reward-pool.js';
import { findRewardStatusAddress, findTokenAccountAddress } from '../../addresses/index.js';
import type { RewardProof } from '../../core/rewards.js';
import { buildInstruction } from '../../programs/instruction.js';
import { assertRewardProof } from './reward-proof.js';

/** What `getClaimRewardInstructions` needs. */
export interface ClaimRewardInput {
    /** Pays the rent of the member's status and token account where there are none yet; anyone may. Signs. */
    readonly payer: PublicKey;
    readonly pool: Pick<WithAddress<RewardPool>, 'address' | 'mint' | 'vault' | 'tokenProgram'>;
    /** Of the active root. */
    readonly proof: RewardProof;
}

/**
 * Pays a member what it has earned since its last claim, into its own associated token account. Anyone may crank it.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for a proof of the wrong shape.
 * @example const instructions = await getClaimRewardInstructions({ payer, pool, proof: tree.prove(7) });
 */
export async function getClaimRewardInstructions(input: ClaimRewardInput): Promise<TransactionInstruction[]> {
    const { payer, pool, proof } = input;
    const { address, mint, vault, tokenProgram } = pool;
    assertRewardProof(proof);
    const { index, lifetime } = proof.entry;
    const owner = new PublicKey(proof.entry.owner);
    const accounts = {
        payer,
        pool: address,
        status: findRewardStatusAddress({ pool: address, index }),
        owner,
        mint,
        vault,
        ownerTokenAccount: findTokenAccountAddress({ owner, mint, tokenProgram }),
        tokenProgram,
    };
    const args = { index, lifetime, path: [...proof.path] };
    return [buildInstruction('settlement', 'claimReward', accounts, { args })];
}
