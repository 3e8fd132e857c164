import {
    AuthorityType,
    createInitializeMintInstruction,
    createInitializeNonTransferableMintInstruction,
    createInitializePermanentDelegateInstruction,
    createMint,
    ExtensionType,
    getAccount,
    getMint,
    getMintLen,
    getOrCreateAssociatedTokenAccount,
    mintTo,
    setAuthority,
    TOKEN_2022_PROGRAM_ID,
    TOKEN_PROGRAM_ID,
    transferChecked,
} from '@solana/spl-token';
import {
    Keypair,
    type ParsedAccountData,
    SystemProgram,
    sendAndConfirmTransaction,
    Transaction,
} from '@solana/web3.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fundedKeypair, type ServedCluster, serveCluster } from './support.js';

let served: ServedCluster;
let payer: Keypair;

beforeAll(async () => {
    served = await serveCluster();
    payer = await fundedKeypair(served.cluster);
});
afterAll(() => served.close());

describe.each([
    ['SPL Token', TOKEN_PROGRAM_ID, 'spl-token'],
    ['Token-2022', TOKEN_2022_PROGRAM_ID, 'spl-token-2022'],
])('%s through @solana/spl-token', (_name, programId, parsedName) => {
    it('mints, transfers and reads balances', async () => {
        const { connection } = served;
        const friend = Keypair.generate().publicKey;
        const mint = await createMint(connection, payer, payer.publicKey, null, 6, undefined, undefined, programId);
        const open = (owner: typeof friend) =>
            getOrCreateAssociatedTokenAccount(connection, payer, mint, owner, false, undefined, undefined, programId);
        const own = await open(payer.publicKey);
        const theirs = await open(friend);
        await mintTo(connection, payer, mint, own.address, payer, 5_500_000n, [], undefined, programId);
        const signature = await transferChecked(
            connection,
            payer,
            own.address,
            mint,
            theirs.address,
            payer,
            2_000_001n,
            6,
            [],
            undefined,
            programId,
        );
        expect((await getAccount(connection, own.address, undefined, programId)).amount).toBe(3_499_999n);
        expect((await getMint(connection, mint, undefined, programId)).supply).toBe(5_500_000n);
        expect((await connection.getTokenAccountBalance(theirs.address)).value).toEqual({
            amount: '2000001',
            decimals: 6,
            uiAmount: 2.000001,
            uiAmountString: '2.000001',
        });
        expect((await connection.getTokenSupply(mint)).value.uiAmountString).toBe('5.5');

        const byOwner = await connection.getParsedTokenAccountsByOwner(friend, { programId });
        expect(byOwner.value[0]?.account.data.program).toBe(parsedName);
        expect(byOwner.value[0]?.account.data.parsed.info.tokenAmount.amount).toBe('2000001');
        const byMint = await connection.getTokenAccountsByOwner(friend, { mint });
        expect(byMint.value.map(({ pubkey }) => pubkey.toBase58())).toEqual([theirs.address.toBase58()]);
        const largest = await connection.getTokenLargestAccounts(mint);
        expect(largest.value.map(({ amount }) => amount)).toEqual(['3499999', '2000001']);

        const landed = await connection.getTransaction(signature, { maxSupportedTransactionVersion: 0 });
        const change = (key: 'preTokenBalances' | 'postTokenBalances') =>
            landed?.meta?.[key]?.find(({ owner }) => owner === friend.toBase58())?.uiTokenAmount.amount;
        expect([change('preTokenBalances'), change('postTokenBalances')]).toEqual(['0', '2000001']);
    });

    it('refuses to mint once the authority is gone', async () => {
        const { connection } = served;
        const mint = await createMint(connection, payer, payer.publicKey, null, 0, undefined, undefined, programId);
        const own = await getOrCreateAssociatedTokenAccount(
            connection,
            payer,
            mint,
            payer.publicKey,
            false,
            undefined,
            undefined,
            programId,
        );
        await setAuthority(connection, payer, mint, payer, AuthorityType.MintTokens, null, [], undefined, programId);
        const minting = mintTo(connection, payer, mint, own.address, payer, 1n, [], undefined, programId);
        await expect(minting).rejects.toThrow('custom program error: 0x5');
    });
});

describe('Token-2022 extensions', () => {
    it('shows the extensions of a soulbound mint and refuses to transfer it', async () => {
        const { connection } = served;
        const mint = Keypair.generate();
        const extensions = [ExtensionType.NonTransferable, ExtensionType.PermanentDelegate];
        const space = getMintLen(extensions);
        const create = new Transaction().add(
            SystemProgram.createAccount({
                fromPubkey: payer.publicKey,
                newAccountPubkey: mint.publicKey,
                lamports: await connection.getMinimumBalanceForRentExemption(space),
                space,
                programId: TOKEN_2022_PROGRAM_ID,
            }),
            createInitializeNonTransferableMintInstruction(mint.publicKey, TOKEN_2022_PROGRAM_ID),
            createInitializePermanentDelegateInstruction(mint.publicKey, payer.publicKey, TOKEN_2022_PROGRAM_ID),
            createInitializeMintInstruction(mint.publicKey, 0, payer.publicKey, null, TOKEN_2022_PROGRAM_ID),
        );
        await sendAndConfirmTransaction(connection, create, [payer, mint]);
        const parsed = (await connection.getParsedAccountInfo(mint.publicKey)).value?.data as ParsedAccountData;
        expect(parsed.parsed.info.extensions).toEqual([
            { extension: 'nonTransferable' },
            { extension: 'permanentDelegate', state: { delegate: payer.publicKey.toBase58() } },
        ]);
        const open = (owner: Keypair) =>
            getOrCreateAssociatedTokenAccount(
                connection,
                payer,
                mint.publicKey,
                owner.publicKey,
                false,
                undefined,
                undefined,
                TOKEN_2022_PROGRAM_ID,
            );
        const own = await open(payer);
        const theirs = await open(Keypair.generate());
        await mintTo(connection, payer, mint.publicKey, own.address, payer, 1n, [], undefined, TOKEN_2022_PROGRAM_ID);
        const moving = transferChecked(
            connection,
            payer,
            own.address,
            mint.publicKey,
            theirs.address,
            payer,
            1n,
            0,
            [],
            undefined,
            TOKEN_2022_PROGRAM_ID,
        );
        await expect(moving).rejects.toThrow('custom program error: 0x25');
    });
});
