import { TOKEN_PROGRAM_ID } from '@solana/spl-token';
import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import {
    findBeaconAddress,
    findStakeAuthorityAddress,
    findStakeVaultAddress,
    findTokenAccountAddress,
} from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getWithdrawBeaconBondInstructions` needs. */
export interface WithdrawBeaconBondInput {
    /** Receives bond and rent. Signs. */
    readonly owner: PublicKey;
    readonly beaconKey: PublicKey;
    readonly bondMint: PublicKey;
    /** SPL Token when left out. */
    readonly tokenProgram?: PublicKey;
    /** Where the bond goes; the owner's associated token account when left out. */
    readonly ownerTokenAccount?: PublicKey;
}

/**
 * Pays out the bond of a BEACON that has left, and closes its account.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID when an account is no public key.
 * @example const instructions = await getWithdrawBeaconBondInstructions({ owner, beaconKey, bondMint });
 */
export async function getWithdrawBeaconBondInstructions(
    input: WithdrawBeaconBondInput,
): Promise<TransactionInstruction[]> {
    const { owner, beaconKey, bondMint, tokenProgram = TOKEN_PROGRAM_ID } = input;
    const accounts = {
        owner,
        beacon: findBeaconAddress({ beaconKey }),
        bondMint,
        stakeAuthority: findStakeAuthorityAddress(),
        stakeVault: findStakeVaultAddress({ mint: bondMint }),
        ownerTokenAccount: input.ownerTokenAccount ?? findTokenAccountAddress({ owner, mint: bondMint, tokenProgram }),
        tokenProgram,
    };
    return [buildInstruction('registry', 'withdrawBeaconBond', accounts, {})];
}
