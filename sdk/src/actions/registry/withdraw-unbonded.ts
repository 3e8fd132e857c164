import { TOKEN_PROGRAM_ID } from '@solana/spl-token';
import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import {
    findParticipantAddress,
    findStakeAuthorityAddress,
    findStakeVaultAddress,
    findTokenAccountAddress,
} from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';
import { assertInteger } from '../checks.js';

/** What `getWithdrawUnbondedInstructions` needs. */
export interface WithdrawUnbondedInput {
    /** The participant's cold key. Signs. */
    readonly owner: PublicKey;
    /** The participant's stake mint. */
    readonly stakeMint: PublicKey;
    /** SPL Token when left out. */
    readonly tokenProgram?: PublicKey;
    /** `Unbonding.slot`, 0 to 3. */
    readonly slot: number;
    /** Where the tokens go; the owner's associated token account when left out. It must belong to the owner. */
    readonly ownerTokenAccount?: PublicKey;
}

/**
 * Pays an unbonding amount out to its owner once its time has come.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID unless the slot is 0 to 3.
 * @example const instructions = await getWithdrawUnbondedInstructions({ owner, stakeMint, slot: 0 });
 */
export async function getWithdrawUnbondedInstructions(input: WithdrawUnbondedInput): Promise<TransactionInstruction[]> {
    const { owner, stakeMint, tokenProgram = TOKEN_PROGRAM_ID, slot } = input;
    assertInteger('slot', slot, 0, 3);
    const accounts = {
        owner,
        participant: findParticipantAddress({ owner }),
        stakeMint,
        stakeAuthority: findStakeAuthorityAddress(),
        stakeVault: findStakeVaultAddress({ mint: stakeMint }),
        ownerTokenAccount: input.ownerTokenAccount ?? findTokenAccountAddress({ owner, mint: stakeMint, tokenProgram }),
        tokenProgram,
    };
    return [buildInstruction('registry', 'withdrawUnbonded', accounts, { slot })];
}
