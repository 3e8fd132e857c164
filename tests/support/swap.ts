import { type PublicKey, TransactionInstruction } from '@solana/web3.js';

/** The same instructions with one account in another's place; whether it signs or is written stays as it was. */
export function swapAccount(
    instructions: readonly TransactionInstruction[],
    before: PublicKey,
    after: PublicKey,
): TransactionInstruction[] {
    return instructions.map((instruction) => {
        const keys = instruction.keys.map((meta) => (meta.pubkey.equals(before) ? { ...meta, pubkey: after } : meta));
        return new TransactionInstruction({ programId: instruction.programId, keys, data: instruction.data });
    });
}
