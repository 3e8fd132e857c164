import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import type { Contract } from '../../accounts/contract.js';
import type { WithAddress } from '../../accounts/reader.js';
import {
    findEventAuthorityAddress,
    findMarketAuthorityAddress,
    findStakeAuthorityAddress,
    findStakeVaultAddress,
} from '../../addresses/index.js';
import { PROGRAM_IDS } from '../../programs/ids.js';
import { buildInstruction } from '../../programs/instruction.js';
import { marketCallAccounts } from './program-calls.js';

/** What `getFailCommitmentInstructions` needs. */
export interface FailCommitmentInput {
    readonly contract: Pick<WithAddress<Contract>, 'address' | 'seller' | 'mint' | 'vault' | 'tokenProgram'>;
    readonly commitment: PublicKey;
    /** The challenge that nobody answered in time; without it, the commitment's evidence is late. */
    readonly challenge?: PublicKey;
}

/**
 * Ends a commitment that was not proved: it is not paid, and the seller loses its lock (for an unanswered challenge all of
 * it, for late evidence a part). Anyone may.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for what is no public key.
 * @example const instructions = await getFailCommitmentInstructions({ contract, commitment: commitment.address });
 */
export async function getFailCommitmentInstructions(input: FailCommitmentInput): Promise<TransactionInstruction[]> {
    const { contract, commitment, challenge } = input;
    const { mint, vault, tokenProgram } = contract;
    const accounts = {
        seller: contract.seller,
        contract: contract.address,
        commitment,
        challenge: challenge ?? null,
        mint,
        vault,
        stakeAuthority: findStakeAuthorityAddress(),
        stakeVault: findStakeVaultAddress({ mint }),
        tokenProgram,
        marketAuthority: findMarketAuthorityAddress(),
        registryProgram: PROGRAM_IDS.registry,
        registryEventAuthority: findEventAuthorityAddress(PROGRAM_IDS.registry),
        ...marketCallAccounts(),
    };
    return [buildInstruction('settlement', 'failCommitment', accounts, {})];
}
