import type { ChainGateway } from '@ocm/runtime';
import {
    createAssociatedTokenAccountIdempotentInstruction,
    createInitializeMint2Instruction,
    createMintToInstruction,
    getAccount,
    getAssociatedTokenAddressSync,
    MINT_SIZE,
    TOKEN_PROGRAM_ID,
    TokenAccountNotFoundError,
} from '@solana/spl-token';
import { type Keypair, type PublicKey, SystemProgram } from '@solana/web3.js';

/** The demonstration token counts like a dollar with six decimals. */
export const DECIMALS = 6;
export const ONE_TOKEN = 10n ** BigInt(DECIMALS);

/** Creates the demonstration mint unless it stands; its authority is `authority`. */
export async function ensureMint(
    gateway: ChainGateway,
    authority: Keypair,
    mint: Keypair,
): Promise<string | undefined> {
    if (await gateway.connection.getAccountInfo(mint.publicKey, 'confirmed')) return undefined;
    const { signature } = await gateway.sendInstructions({
        label: 'create the mint',
        payer: authority,
        signers: [mint],
        instructions: [
            SystemProgram.createAccount({
                fromPubkey: authority.publicKey,
                newAccountPubkey: mint.publicKey,
                lamports: await gateway.connection.getMinimumBalanceForRentExemption(MINT_SIZE),
                space: MINT_SIZE,
                programId: TOKEN_PROGRAM_ID,
            }),
            createInitializeMint2Instruction(mint.publicKey, DECIMALS, authority.publicKey, null),
        ],
    });
    return signature;
}

/** Balance of an owner's associated token account, base units; 0 where there is none. */
export async function readTokenBalance(gateway: ChainGateway, mint: PublicKey, owner: PublicKey): Promise<bigint> {
    try {
        const account = await getAccount(
            gateway.connection,
            getAssociatedTokenAddressSync(mint, owner, true),
            'confirmed',
        );
        return account.amount;
    } catch (error) {
        if (error instanceof TokenAccountNotFoundError) return 0n;
        throw error;
    }
}

/** Mints what each owner lacks of `amount`. */
export async function ensureTokens(
    gateway: ChainGateway,
    authority: Keypair,
    mint: PublicKey,
    wanted: { owner: PublicKey; amount: bigint }[],
): Promise<string | undefined> {
    const balances = await Promise.all(wanted.map(({ owner }) => readTokenBalance(gateway, mint, owner)));
    const instructions = wanted.flatMap(({ owner, amount }, index) => {
        const missing = amount - (balances[index] ?? 0n);
        if (missing <= 0n) return [];
        const account = getAssociatedTokenAddressSync(mint, owner);
        return [
            createAssociatedTokenAccountIdempotentInstruction(authority.publicKey, account, owner, mint),
            createMintToInstruction(mint, account, authority.publicKey, missing),
        ];
    });
    if (instructions.length === 0) return undefined;
    return (await gateway.sendInstructions({ label: 'mint tokens', payer: authority, instructions })).signature;
}
