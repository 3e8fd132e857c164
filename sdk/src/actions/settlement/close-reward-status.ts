import type { TransactionInstruction } from '@solana/web3.js';
import type { WithAddress } from '../../accounts/reader.js';
import type { RewardStatus } from '../../accounts/reward-status.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getCloseRewardStatusInstructions` needs. */
export interface CloseRewardStatusInput {
    readonly status: Pick<WithAddress<RewardStatus>, 'address' | 'pool' | 'rentPayer'>;
}

/**
 * Closes a member's status of a retired pool; the rent goes back to who paid it. Anyone may.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for what is no public key.
 * @example const instructions = await getCloseRewardStatusInstructions({ status });
 */
export async function getCloseRewardStatusInstructions({
    status,
}: CloseRewardStatusInput): Promise<TransactionInstruction[]> {
    const accounts = { pool: status.pool, status: status.address, rentPayer: status.rentPayer };
    return [buildInstruction('settlement', 'closeRewardStatus', accounts, {})];
}
