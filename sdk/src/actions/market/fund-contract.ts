import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import type { Contract } from '../../accounts/contract.js';
import type { WithAddress } from '../../accounts/reader.js';
import { findTokenAccountAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';
import { assertPositive } from '../checks.js';

/** What `getFundContractInstructions` needs. */
export interface FundContractInput {
    /** Owner of the tokens; anyone may fund. Signs. */
    readonly funder: PublicKey;
    readonly contract: Pick<WithAddress<Contract>, 'address' | 'mint' | 'vault' | 'tokenProgram'>;
    /** Base units of the contract's mint. */
    readonly amount: bigint;
    /** Where the tokens come from; the funder's associated token account when left out. */
    readonly funderTokenAccount?: PublicKey;
}

/**
 * Moves tokens into a contract's vault; once it holds the reserve, the contract is active.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID unless the amount is a positive u64.
 * @example const instructions = await getFundContractInstructions({ funder, contract, amount: 25_000_000n });
 */
export async function getFundContractInstructions(input: FundContractInput): Promise<TransactionInstruction[]> {
    const { funder, contract, amount } = input;
    const { mint, vault, tokenProgram } = contract;
    assertPositive('amount', amount);
    const accounts = {
        funder,
        contract: contract.address,
        mint,
        funderTokenAccount: input.funderTokenAccount ?? findTokenAccountAddress({ owner: funder, mint, tokenProgram }),
        vault,
        tokenProgram,
    };
    return [buildInstruction('market', 'fundContract', accounts, { amount })];
}
