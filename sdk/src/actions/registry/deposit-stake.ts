import { TOKEN_PROGRAM_ID } from '@solana/spl-token';
import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { findParticipantAddress, findStakeVaultAddress, findTokenAccountAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';
import { assertPositive } from '../checks.js';

/** What `getDepositStakeInstructions` needs. */
export interface DepositStakeInput {
    /** The participant's cold key and the tokens' owner. Signs. */
    readonly owner: PublicKey;
    /** The participant's stake mint. */
    readonly stakeMint: PublicKey;
    /** SPL Token when left out. */
    readonly tokenProgram?: PublicKey;
    /** Base units of `stakeMint`. */
    readonly amount: bigint;
    /** Where the tokens come from; the owner's associated token account when left out. */
    readonly ownerTokenAccount?: PublicKey;
}

/**
 * Moves tokens of the owner into its free stake.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID unless the amount is a positive u64.
 * @example const instructions = await getDepositStakeInstructions({ owner, stakeMint, amount: 50_000_000n });
 */
export async function getDepositStakeInstructions(input: DepositStakeInput): Promise<TransactionInstruction[]> {
    const { owner, stakeMint, tokenProgram = TOKEN_PROGRAM_ID, amount } = input;
    assertPositive('amount', amount);
    const accounts = {
        owner,
        participant: findParticipantAddress({ owner }),
        stakeMint,
        ownerTokenAccount: input.ownerTokenAccount ?? findTokenAccountAddress({ owner, mint: stakeMint, tokenProgram }),
        stakeVault: findStakeVaultAddress({ mint: stakeMint }),
        tokenProgram,
    };
    return [buildInstruction('registry', 'depositStake', accounts, { amount })];
}
