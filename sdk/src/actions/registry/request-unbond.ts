import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { findConfigAddress, findParticipantAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';
import { assertPositive } from '../checks.js';

/** What `getRequestUnbondInstructions` needs. */
export interface RequestUnbondInput {
    /** The participant's cold key. Signs. */
    readonly owner: PublicKey;
    /** Base units of the stake mint. */
    readonly amount: bigint;
}

/**
 * Starts the unbonding of free stake; at most four amounts can be on their way out at once.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID unless the amount is a positive u64.
 * @example const instructions = await getRequestUnbondInstructions({ owner, amount: 10_000_000n });
 */
export async function getRequestUnbondInstructions(input: RequestUnbondInput): Promise<TransactionInstruction[]> {
    const { owner, amount } = input;
    assertPositive('amount', amount);
    const accounts = { owner, config: findConfigAddress(), participant: findParticipantAddress({ owner }) };
    return [buildInstruction('registry', 'requestUnbond', accounts, { amount })];
}
