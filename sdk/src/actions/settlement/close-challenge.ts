import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import type { Contract } from '../../accounts/contract.js';
import type { LeafChallenge } from '../../accounts/leaf-challenge.js';
import type { WithAddress } from '../../accounts/reader.js';
import { findTokenAccountAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';
import { commitmentToClose, getCloseUnpaidChallengeInstructions } from './close-unpaid-challenge.js';
import { marketCallAccounts } from './program-calls.js';

/** What `getCloseChallengeInstructions` needs. */
export interface CloseChallengeInput {
    /** Pays the fee, and the rent of a token account that the beneficiary lacks. Signs. */
    readonly payer: PublicKey;
    readonly contract: Pick<WithAddress<Contract>, 'address' | 'mint' | 'vault' | 'tokenProgram'>;
    readonly challenge: Pick<
        WithAddress<LeafChallenge>,
        'address' | 'commitment' | 'beneficiary' | 'rentPayer' | 'state' | 'payout'
    >;
}

/**
 * Pays a challenge out (the bond to who answered; bond and bounty to a challenger that won; the bond back where the
 * commitment ended otherwise) and closes it; one that pays nothing also when its contract is gone. Anyone may.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for what is no public key.
 * @example const instructions = await getCloseChallengeInstructions({ payer, contract, challenge });
 */
export async function getCloseChallengeInstructions(input: CloseChallengeInput): Promise<TransactionInstruction[]> {
    const { payer, contract, challenge } = input;
    const { mint, vault, tokenProgram } = contract;
    const { beneficiary, payout, rentPayer } = challenge;
    if (payout === 0n) return getCloseUnpaidChallengeInstructions({ challenge });
    const accounts = {
        payer,
        challenge: challenge.address,
        commitment: commitmentToClose(challenge),
        contract: contract.address,
        mint,
        vault,
        rentPayer,
        beneficiary,
        beneficiaryTokenAccount: findTokenAccountAddress({ owner: beneficiary, mint, tokenProgram }),
        tokenProgram,
        ...marketCallAccounts(),
    };
    return [buildInstruction('settlement', 'closeChallenge', accounts, {})];
}
