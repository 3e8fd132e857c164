import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { type Contract, TREASURY_INDEX } from '../../accounts/contract.js';
import type { WithAddress } from '../../accounts/reader.js';
import { findTokenAccountAddress } from '../../addresses/index.js';
import { argumentError } from '../../errors/sdk-error.js';
import { buildInstruction } from '../../programs/instruction.js';
import { marketCallAccounts } from './program-calls.js';

/** What `getWithdrawPayoutInstructions` needs. */
export interface WithdrawPayoutInput {
    /** Pays the rent of the payee's token account where there is none yet; anyone may. Signs. */
    readonly payer: PublicKey;
    readonly contract: Pick<
        WithAddress<Contract>,
        'address' | 'mint' | 'vault' | 'tokenProgram' | 'splits' | 'treasury'
    >;
    /** The payee's place in `Contract.splits`, or `TREASURY_INDEX`. */
    readonly index: number;
}

/**
 * Pays what one payee is owed into that payee's own associated token account. Anyone may crank it.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID when the contract has no such payee.
 * @example const instructions = await getWithdrawPayoutInstructions({ payer, contract, index: 0 });
 */
export async function getWithdrawPayoutInstructions(input: WithdrawPayoutInput): Promise<TransactionInstruction[]> {
    const { payer, contract, index } = input;
    const { mint, vault, tokenProgram } = contract;
    const payee = index === TREASURY_INDEX ? contract.treasury : contract.splits[index]?.payee;
    if (payee === undefined) {
        throw argumentError('index', `a place of a split (0 to ${contract.splits.length - 1}) or ${TREASURY_INDEX}`);
    }
    const accounts = {
        payer,
        contract: contract.address,
        mint,
        vault,
        payee,
        payeeTokenAccount: findTokenAccountAddress({ owner: payee, mint, tokenProgram }),
        tokenProgram,
        ...marketCallAccounts(),
    };
    return [buildInstruction('settlement', 'withdrawPayout', accounts, { index })];
}
