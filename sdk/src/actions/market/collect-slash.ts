import type { TransactionInstruction } from '@solana/web3.js';
import type { Contract } from '../../accounts/contract.js';
import type { WithAddress } from '../../accounts/reader.js';
import { findStakeAuthorityAddress, findStakeVaultAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';
import { registryCallAccounts } from './registry-call.js';

/** What `getCollectSlashInstructions` needs. */
export interface CollectSlashInput {
    readonly contract: Pick<WithAddress<Contract>, 'address' | 'seller' | 'mint' | 'vault' | 'tokenProgram'>;
}

/**
 * Brings what severe breaches slashed (`contract.slashPending`) into the contract's vault, where the content provider can
 * take it out. Anyone may.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for what is no public key.
 * @example const instructions = await getCollectSlashInstructions({ contract });
 */
export async function getCollectSlashInstructions(input: CollectSlashInput): Promise<TransactionInstruction[]> {
    const { address, seller, mint, vault, tokenProgram } = input.contract;
    const accounts = {
        seller,
        contract: address,
        mint,
        vault,
        stakeAuthority: findStakeAuthorityAddress(),
        stakeVault: findStakeVaultAddress({ mint }),
        tokenProgram,
        ...registryCallAccounts(),
    };
    return [buildInstruction('market', 'collectSlash', accounts, {})];
}
