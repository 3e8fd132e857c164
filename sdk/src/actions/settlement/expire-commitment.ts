import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import type { Contract } from '../../accounts/contract.js';
import type { WithAddress } from '../../accounts/reader.js';
import { buildInstruction } from '../../programs/instruction.js';
import { marketBookAccounts } from './program-calls.js';

/** What `getExpireCommitmentInstructions` needs. */
export interface ExpireCommitmentInput {
    readonly contract: Pick<WithAddress<Contract>, 'address' | 'vault'>;
    readonly commitment: PublicKey;
}

/**
 * Ends a commitment that was not co-signed in time: no pay, stake freed. Anyone may.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for what is no public key.
 * @example const instructions = await getExpireCommitmentInstructions({ contract, commitment });
 */
export async function getExpireCommitmentInstructions(input: ExpireCommitmentInput): Promise<TransactionInstruction[]> {
    const { contract, commitment } = input;
    const accounts = {
        contract: contract.address,
        commitment,
        vault: contract.vault,
        ...marketBookAccounts(),
    };
    return [buildInstruction('settlement', 'expireCommitment', accounts, {})];
}
