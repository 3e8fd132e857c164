import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { findConfigAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getUpgradeContractInstructions` needs. */
export interface UpgradeContractInput {
    /** Pays the rent of what is added. Signs. */
    readonly payer: PublicKey;
    readonly contract: PublicKey;
}

/**
 * Brings a contract that the first release wrote (version 1, 1,716 bytes) to the present layout. Anyone may; its seller then
 * has to bond it (`getBondContractInstructions`) before it commits receipted deliveries.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for what is no public key.
 * @example const instructions = await getUpgradeContractInstructions({ payer, contract });
 */
export async function getUpgradeContractInstructions(input: UpgradeContractInput): Promise<TransactionInstruction[]> {
    const accounts = { payer: input.payer, contract: input.contract, config: findConfigAddress() };
    return [buildInstruction('market', 'upgradeContract', accounts, {})];
}
