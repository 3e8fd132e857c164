import { TOKEN_PROGRAM_ID } from '@solana/spl-token';
import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { findConfigAddress, findStakeAuthorityAddress, findStakeVaultAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getCreateStakeVaultInstructions` needs. */
export interface CreateStakeVaultInput {
    /** Pays the rent. Signs; anyone may. */
    readonly payer: PublicKey;
    /** A mint on the allow-list. */
    readonly mint: PublicKey;
    /** SPL Token when left out. */
    readonly tokenProgram?: PublicKey;
}

/**
 * Creates the token account that holds all stake of one mint, once per mint.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for what is no public key.
 * @example const instructions = await getCreateStakeVaultInstructions({ payer, mint });
 */
export async function getCreateStakeVaultInstructions(input: CreateStakeVaultInput): Promise<TransactionInstruction[]> {
    const { payer, mint, tokenProgram = TOKEN_PROGRAM_ID } = input;
    const accounts = {
        payer,
        config: findConfigAddress(),
        mint,
        stakeAuthority: findStakeAuthorityAddress(),
        stakeVault: findStakeVaultAddress({ mint }),
        tokenProgram,
    };
    return [buildInstruction('registry', 'createStakeVault', accounts, {})];
}
