import { findTokenAccountAddress } from '@ocm/sdk';
import {
    createAssociatedTokenAccountIdempotentInstruction,
    createInitializeMint2Instruction,
    createMintToInstruction,
    type ExtensionType,
    getMintLen,
    TOKEN_2022_PROGRAM_ID,
    TOKEN_PROGRAM_ID,
} from '@solana/spl-token';
import { type Keypair, type PublicKey, SystemProgram, type TransactionInstruction } from '@solana/web3.js';
import { type TestCluster, testKeypair } from './cluster.js';
import { send } from './send.js';

/** The token programs that a mint may belong to. */
export const TOKEN_PROGRAMS = { 'SPL Token': TOKEN_PROGRAM_ID, 'Token-2022': TOKEN_2022_PROGRAM_ID } as const;
export type TokenProgramName = keyof typeof TOKEN_PROGRAMS;

export interface TestMint {
    readonly address: PublicKey;
    readonly tokenProgram: PublicKey;
    readonly authority: Keypair;
    readonly decimals: number;
}

/** A Token-2022 extension of a mint with the instruction that sets it up before the mint itself is. */
export interface MintExtension {
    readonly type: ExtensionType;
    readonly initialize: (mint: PublicKey) => TransactionInstruction;
}

/** Creates a mint of six decimals. */
export async function createMint(
    market: TestCluster,
    options: {
        name?: string;
        tokenProgram?: PublicKey;
        extensions?: readonly MintExtension[];
        /** Whether the mint's authority may freeze accounts too. */
        freezable?: boolean;
    } = {},
): Promise<TestMint> {
    const { name = 'mint', tokenProgram = TOKEN_PROGRAM_ID, extensions = [], freezable = false } = options;
    const mint = testKeypair(name);
    const authority = testKeypair(`${name} authority`);
    const space = getMintLen(extensions.map(({ type }) => type));
    const instructions = [
        SystemProgram.createAccount({
            fromPubkey: market.deployer.publicKey,
            newAccountPubkey: mint.publicKey,
            space,
            lamports: await market.connection.getMinimumBalanceForRentExemption(space),
            programId: tokenProgram,
        }),
        ...extensions.map(({ initialize }) => initialize(mint.publicKey)),
        createInitializeMint2Instruction(
            mint.publicKey,
            6,
            authority.publicKey,
            freezable ? authority.publicKey : null,
            tokenProgram,
        ),
    ];
    await send(market, instructions, [market.deployer, mint]);
    return { address: mint.publicKey, tokenProgram, authority, decimals: 6 };
}

/** Mints base units into an owner's associated token account, which it creates where needed; returns its address. */
export async function mintTokens(
    market: TestCluster,
    { mint, owner, amount }: { mint: TestMint; owner: PublicKey; amount: bigint },
): Promise<PublicKey> {
    const { address, tokenProgram, authority } = mint;
    const account = findTokenAccountAddress({ owner, mint: address, tokenProgram });
    const payer = market.deployer.publicKey;
    await send(
        market,
        [
            createAssociatedTokenAccountIdempotentInstruction(payer, account, owner, address, tokenProgram),
            createMintToInstruction(address, account, authority.publicKey, amount, [], tokenProgram),
        ],
        [market.deployer, authority],
    );
    return account;
}

/** Base units in a token account; 0 when there is none. */
export async function tokenBalance({ connection }: TestCluster, account: PublicKey): Promise<bigint> {
    if ((await connection.getAccountInfo(account)) === null) return 0n;
    return BigInt((await connection.getTokenAccountBalance(account)).value.amount);
}

/** Base units in an owner's associated token account. */
export function ownerBalance(market: TestCluster, mint: TestMint, owner: PublicKey): Promise<bigint> {
    const { address, tokenProgram } = mint;
    return tokenBalance(market, findTokenAccountAddress({ owner, mint: address, tokenProgram }));
}
