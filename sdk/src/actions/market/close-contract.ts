import type { TransactionInstruction } from '@solana/web3.js';
import type { Contract } from '../../accounts/contract.js';
import type { WithAddress } from '../../accounts/reader.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getCloseContractInstructions` needs. */
export interface CloseContractInput {
    readonly contract: Pick<WithAddress<Contract>, 'address' | 'vault' | 'rentPayer' | 'tokenProgram'>;
}

/**
 * Removes a contract that is over and whose money is all paid; the rent goes back to who paid it. Anyone may.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for what is no public key.
 * @example const instructions = await getCloseContractInstructions({ contract });
 */
export async function getCloseContractInstructions({
    contract,
}: CloseContractInput): Promise<TransactionInstruction[]> {
    const { address, vault, rentPayer, tokenProgram } = contract;
    return [buildInstruction('market', 'closeContract', { contract: address, vault, rentPayer, tokenProgram }, {})];
}
