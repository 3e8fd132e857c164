import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import type { Contract } from '../../accounts/contract.js';
import type { WithAddress } from '../../accounts/reader.js';
import { findParticipantAddress, findTokenAccountAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';
import { assertPositive } from '../checks.js';

/** What `getWithdrawExcessInstructions` needs. */
export interface WithdrawExcessInput {
    /** The content provider's cold key. Signs. */
    readonly contentProviderOwner: PublicKey;
    readonly contract: Pick<WithAddress<Contract>, 'address' | 'mint' | 'vault' | 'tokenProgram'>;
    /** Base units, at most what the vault holds beyond the reserve and what is owed. */
    readonly amount: bigint;
    /** Where the tokens go; the owner's associated token account when left out. It must belong to the owner. */
    readonly ownerTokenAccount?: PublicKey;
}

/**
 * Takes escrow back that no future epoch of the contract can need.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID unless the amount is a positive u64.
 * @example const instructions = await getWithdrawExcessInstructions({ contentProviderOwner, contract, amount: 1_000n });
 */
export async function getWithdrawExcessInstructions(input: WithdrawExcessInput): Promise<TransactionInstruction[]> {
    const { contentProviderOwner: owner, contract, amount } = input;
    const { mint, vault, tokenProgram } = contract;
    assertPositive('amount', amount);
    const accounts = {
        owner,
        contentProvider: findParticipantAddress({ owner }),
        contract: contract.address,
        mint,
        vault,
        ownerTokenAccount: input.ownerTokenAccount ?? findTokenAccountAddress({ owner, mint, tokenProgram }),
        tokenProgram,
    };
    return [buildInstruction('market', 'withdrawExcess', accounts, { amount })];
}
