import { TOKEN_PROGRAM_ID } from '@solana/spl-token';
import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import {
    findConfigAddress,
    findParticipantAddress,
    findRewardPoolAddress,
    findTokenAccountAddress,
} from '../../addresses/index.js';
import { argumentError } from '../../errors/sdk-error.js';
import { buildInstruction } from '../../programs/instruction.js';
import { assertKeySet, assertPositive, assertU64 } from '../checks.js';

/** Longest time from the proposal of a root to its activation. */
export const MAX_REWARD_DELAY_SECS = 30n * 86_400n;

/** What `getCreateRewardPoolInstructions` needs. */
export interface CreateRewardPoolInput {
    /** Owner of the participant that creates the pool. Signs. */
    readonly owner: PublicKey;
    /** Pays the rent; `owner` when left out. Signs. */
    readonly payer?: PublicKey;
    /** Free to choose; one pool of the creator at a time. */
    readonly id: bigint;
    readonly mint: PublicKey;
    /** SPL Token when left out. */
    readonly tokenProgram?: PublicKey;
    /** Key that proposes roots. */
    readonly aggregator: PublicKey;
    /** Base units that the aggregator puts up for each root. */
    readonly bond: bigint;
    /** From the proposal of a root to its activation: 24 hours to 30 days; on a development cluster from one second. */
    readonly delaySecs: bigint;
}

/**
 * Opens a pool that pays many members by lifetime amounts. A contract's split that names the pool's address as payee pays
 * into its vault.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for an id that is no u64, a bond that is not positive, a delay outside
 * its bounds or an aggregator of zeros.
 * @example const instructions = await getCreateRewardPoolInstructions({ owner, id: 0n, mint, aggregator, bond: 1_000_000n, delaySecs: 86_400n });
 */
export async function getCreateRewardPoolInstructions(input: CreateRewardPoolInput): Promise<TransactionInstruction[]> {
    const { owner, payer = owner, id, mint, tokenProgram, aggregator, bond, delaySecs } = input;
    assertU64('id', id);
    assertPositive('bond', bond);
    assertU64('bond', bond);
    assertKeySet('aggregator', aggregator);
    if (typeof delaySecs !== 'bigint' || delaySecs < 1n || delaySecs > MAX_REWARD_DELAY_SECS) {
        throw argumentError('delaySecs', `a bigint from 1 to ${MAX_REWARD_DELAY_SECS}`);
    }
    const creator = findParticipantAddress({ owner });
    const pool = findRewardPoolAddress({ creator, id });
    const vault = findTokenAccountAddress({ owner: pool, mint, ...(tokenProgram && { tokenProgram }) });
    const accounts = {
        payer,
        owner,
        creator,
        config: findConfigAddress(),
        pool,
        mint,
        vault,
        tokenProgram: tokenProgram ?? TOKEN_PROGRAM_ID,
    };
    return [
        buildInstruction('settlement', 'createRewardPool', accounts, { args: { id, aggregator, bond, delaySecs } }),
    ];
}
