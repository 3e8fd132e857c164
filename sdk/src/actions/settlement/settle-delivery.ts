import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import type { Contract } from '../../accounts/contract.js';
import type { WithAddress } from '../../accounts/reader.js';
import { buildInstruction } from '../../programs/instruction.js';
import { marketBookAccounts } from './program-calls.js';

/** What `getSettleDeliveryInstructions` needs. */
export interface SettleDeliveryInput {
    readonly contract: Pick<WithAddress<Contract>, 'address' | 'vault'>;
    readonly commitment: PublicKey;
}

/**
 * Turns a co-signed commitment into debts to the payees and frees its stake. Anyone may.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for what is no public key.
 * @example const instructions = await getSettleDeliveryInstructions({ contract, commitment });
 */
export async function getSettleDeliveryInstructions(input: SettleDeliveryInput): Promise<TransactionInstruction[]> {
    const { contract, commitment } = input;
    const accounts = {
        contract: contract.address,
        commitment,
        vault: contract.vault,
        ...marketBookAccounts(),
    };
    return [buildInstruction('settlement', 'settleDelivery', accounts, {})];
}
