import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import type { Contract } from '../../accounts/contract.js';
import type { WithAddress } from '../../accounts/reader.js';
import { buildInstruction } from '../../programs/instruction.js';
import { assertPositive } from '../checks.js';
import { registryCallAccounts } from './registry-call.js';

/** What `getReleaseBondInstructions` needs. */
export interface ReleaseBondInput {
    /** The seller's cold key; anyone once the contract is settled or cancelled. Signs. */
    readonly authority: PublicKey;
    readonly contract: Pick<WithAddress<Contract>, 'address' | 'seller'>;
    /** Base units, at most `contract.bondFree`. */
    readonly amount: bigint;
}

/**
 * Gives bond that no commitment has locked back to the seller's free stake.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID unless the amount is a positive u64.
 * @example const instructions = await getReleaseBondInstructions({ authority, contract, amount: contract.bondFree });
 */
export async function getReleaseBondInstructions(input: ReleaseBondInput): Promise<TransactionInstruction[]> {
    const { authority, contract, amount } = input;
    assertPositive('amount', amount);
    const accounts = { authority, seller: contract.seller, contract: contract.address, ...registryCallAccounts() };
    return [buildInstruction('market', 'releaseBond', accounts, { amount })];
}
