import { PublicKey, type TransactionInstruction } from '@solana/web3.js';
import { findRewardStatusAddress } from '../../addresses/index.js';
import type { RewardProof } from '../../core/rewards.js';
import { buildInstruction } from '../../programs/instruction.js';
import { assertRewardProof } from './reward-proof.js';

/** What `getProveRewardInstructions` needs. */
export interface ProveRewardInput {
    /** Pays the rent of the member's status where there is none yet; anyone may. Signs. */
    readonly payer: PublicKey;
    readonly pool: { readonly address: PublicKey };
    /** Of the active root. */
    readonly proof: RewardProof;
}

/**
 * Writes into a member's status what the active root gives it, without paying: what a pending root may not fall below,
 * and the first half of a veto.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for a proof of the wrong shape.
 * @example const instructions = await getProveRewardInstructions({ payer, pool, proof: activeTree.prove(7) });
 */
export async function getProveRewardInstructions(input: ProveRewardInput): Promise<TransactionInstruction[]> {
    const { payer, pool, proof } = input;
    assertRewardProof(proof);
    const { index, owner, lifetime } = proof.entry;
    const accounts = { payer, pool: pool.address, status: findRewardStatusAddress({ pool: pool.address, index }) };
    const args = { index, owner: new PublicKey(owner), lifetime, path: [...proof.path] };
    return [buildInstruction('settlement', 'proveReward', accounts, { args })];
}
