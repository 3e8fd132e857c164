import { getAssociatedTokenAddressSync, TOKEN_PROGRAM_ID } from '@solana/spl-token';
import type { PublicKey } from '@solana/web3.js';

/** The associated token account of an owner, who may be a program address. */
export function findTokenAccountAddress(input: {
    owner: PublicKey;
    mint: PublicKey;
    /** SPL Token (the default) or Token-2022: the owner of the mint account. */
    tokenProgram?: PublicKey;
}): PublicKey {
    return getAssociatedTokenAddressSync(input.mint, input.owner, true, input.tokenProgram ?? TOKEN_PROGRAM_ID);
}
