import { PublicKey, type TransactionInstruction } from '@solana/web3.js';
import type { WithAddress } from '../../accounts/reader.js';
import type { RewardPool } from '../../accounts/reward-pool.js';
import { findRewardStatusAddress, findTokenAccountAddress } from '../../addresses/index.js';
import type { RewardProof } from '../../core/rewards.js';
import { buildInstruction } from '../../programs/instruction.js';
import { assertRewardProof } from './reward-proof.js';

/** What `getVetoRewardRootInstructions` needs. */
export interface VetoRewardRootInput {
    /** Receives half of the bond; anyone may veto. Signs. */
    readonly vetoer: PublicKey;
    readonly pool: Pick<WithAddress<RewardPool>, 'address' | 'mint' | 'vault' | 'tokenProgram'>;
    /** Of the pending root: the entry that gives a member less, or its index to another owner. */
    readonly proof: RewardProof;
    /** The vetoer's associated token account when left out. */
    readonly vetoerTokenAccount?: PublicKey;
}

/**
 * Drops a pool's pending root. What the member had must have been proven before (`getProveRewardInstructions`, or a claim).
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for a proof of the wrong shape.
 * @example const instructions = await getVetoRewardRootInstructions({ vetoer, pool, proof: pendingTree.prove(7) });
 */
export async function getVetoRewardRootInstructions(input: VetoRewardRootInput): Promise<TransactionInstruction[]> {
    const { vetoer, pool, proof } = input;
    const { address, mint, vault, tokenProgram } = pool;
    assertRewardProof(proof);
    const { index, owner, lifetime } = proof.entry;
    const accounts = {
        vetoer,
        pool: address,
        status: findRewardStatusAddress({ pool: address, index }),
        mint,
        vault,
        vetoerTokenAccount: input.vetoerTokenAccount ?? findTokenAccountAddress({ owner: vetoer, mint, tokenProgram }),
        tokenProgram,
    };
    const args = { owner: new PublicKey(owner), lifetime, path: [...proof.path] };
    return [buildInstruction('settlement', 'vetoRewardRoot', accounts, { args })];
}
