import {
    createAssociatedTokenAccountInstruction,
    createInitializeMint2Instruction,
    createMintToInstruction,
    createTransferCheckedInstruction,
    getAssociatedTokenAddressSync,
    MINT_SIZE,
    TOKEN_PROGRAM_ID,
} from '@solana/spl-token';
import {
    AddressLookupTableProgram,
    ComputeBudgetProgram,
    SystemProgram,
    Transaction,
    type TransactionInstruction,
    TransactionMessage,
    VersionedTransaction,
} from '@solana/web3.js';
import { type Answers, keypair, normalize, Probe } from './differences.js';
import { eventually, rpc, SOL } from './support.js';

const at = { commitment: 'confirmed' };

async function askCluster(probe: Probe): Promise<void> {
    for (const method of [
        'getHealth',
        'getVersion',
        'getEpochInfo',
        'getEpochSchedule',
        'getLatestBlockhash',
        'getBlockHeight',
        'getFirstAvailableBlock',
        'getTransactionCount',
    ]) {
        const { result } = await probe.ask(method, method);
        // Plain numbers are volatile here; their type is what is compared.
        if (typeof result === 'number') probe.answers.set(method, '<number>');
    }
    await probe.ask('rent of 0 bytes', 'getMinimumBalanceForRentExemption', [0]);
    await probe.ask('rent of 165 bytes', 'getMinimumBalanceForRentExemption', [165]);
    await probe.ask('rent of 10 MiB', 'getMinimumBalanceForRentExemption', [10 * 1024 * 1024]);
    await probe.ask('unknown method', 'getNothing');
    await probe.ask('blockhash that never was', 'isBlockhashValid', [keypair('none').publicKey.toBase58()]);
}

async function askAccounts(probe: Probe): Promise<void> {
    const absent = keypair('absent').publicKey.toBase58();
    const payer = probe.payer.publicKey.toBase58();
    await probe.ask('account that is not there', 'getAccountInfo', [absent, at]);
    await probe.ask('balance that is not there', 'getBalance', [absent, at]);
    await probe.ask('account without encoding', 'getAccountInfo', [payer, at]);
    await probe.ask('account as base58', 'getAccountInfo', [payer, { ...at, encoding: 'base58' }]);
    await probe.ask('account parsed', 'getAccountInfo', [payer, { ...at, encoding: 'jsonParsed' }]);
    await probe.ask('token program account', 'getAccountInfo', [
        TOKEN_PROGRAM_ID.toBase58(),
        { ...at, encoding: 'base64', dataSlice: { offset: 0, length: 4 } },
    ]);
    await probe.ask('bad address', 'getAccountInfo', ['nonsense']);
    await probe.ask('bad encoding', 'getAccountInfo', [payer, { encoding: 'morse' }]);
    await probe.ask('too many accounts', 'getMultipleAccounts', [Array(101).fill(payer)]);
    await probe.ask('five filters', 'getProgramAccounts', [payer, { filters: Array(5).fill({ dataSize: 1 }) }]);
    await probe.ask('context slot in the future', 'getBalance', [payer, { minContextSlot: 1e12 }]);
}

async function askRefusals(probe: Probe): Promise<void> {
    const { payer } = probe;
    const to = keypair('receiver').publicKey;
    const send = (text: string): [string, unknown[]] => [
        'sendTransaction',
        [text, { encoding: 'base64', preflightCommitment: 'confirmed' }],
    ];
    const tooMuch = await probe.wire([
        SystemProgram.transfer({ fromPubkey: payer.publicKey, toPubkey: to, lamports: 1e17 }),
    ]);
    await probe.ask('preflight failure', ...send(tooMuch));
    await probe.ask('simulated failure', 'simulateTransaction', [tooMuch, { ...at, encoding: 'base64' }]);
    const poor = keypair('poor');
    await probe.ask(
        'payer without account',
        ...send(
            await probe.wire(
                [SystemProgram.transfer({ fromPubkey: poor.publicKey, toPubkey: to, lamports: 1 })],
                [poor],
            ),
        ),
    );
    const dust = await probe.wire([
        SystemProgram.transfer({ fromPubkey: payer.publicKey, toPubkey: keypair('dust').publicKey, lamports: 1 }),
    ]);
    await probe.ask('account below the rent minimum', ...send(dust));
    const stale = new Transaction({ feePayer: payer.publicKey, recentBlockhash: keypair('hash').publicKey.toBase58() });
    stale.add(SystemProgram.transfer({ fromPubkey: payer.publicKey, toPubkey: to, lamports: 1 })).sign(payer);
    await probe.ask('unknown blockhash', ...send(stale.serialize().toString('base64')));
    await probe.ask('unknown blockhash simulated', 'simulateTransaction', [
        stale.serialize().toString('base64'),
        { ...at, encoding: 'base64' },
    ]);
    const replaced = { ...at, encoding: 'base64', replaceRecentBlockhash: true };
    await probe.ask('blockhash replaced, account missing rent', 'simulateTransaction', [
        stale.serialize().toString('base64'),
        replaced,
    ]);
    const forged = Buffer.from(
        await probe.wire([SystemProgram.transfer({ fromPubkey: payer.publicKey, toPubkey: to, lamports: SOL })]),
        'base64',
    );
    forged[9] = (forged[9] ?? 0) ^ 1;
    await probe.ask('wrong signature', ...send(forged.toString('base64')));
    await probe.ask('wrong signature simulated with sigVerify', 'simulateTransaction', [
        forged.toString('base64'),
        { ...at, encoding: 'base64', sigVerify: true },
    ]);
    await probe.ask('no transaction', ...send(Buffer.from('nonsense').toString('base64')));
    await probe.ask('no base64', ...send('%%%'));
    await probe.ask('transaction too large', ...send(Buffer.alloc(1_300).toString('base64')));
    const absent = {
        programId: keypair('no program').publicKey,
        keys: [],
        data: Buffer.alloc(0),
    } as unknown as TransactionInstruction;
    await probe.ask('program that is not there', ...send(await probe.wire([absent])));
}

async function askTransfers(probe: Probe): Promise<void> {
    const { payer } = probe;
    const to = keypair('receiver').publicKey;
    const transfer = SystemProgram.transfer({ fromPubkey: payer.publicKey, toPubkey: to, lamports: SOL });
    const simulated = await probe.wire([transfer]);
    const accounts = { encoding: 'base64', addresses: [to.toBase58()] };
    await probe.ask('simulated transfer', 'simulateTransaction', [
        simulated,
        { ...at, encoding: 'base64', accounts, innerInstructions: true },
    ]);
    const signature = await probe.land([
        ComputeBudgetProgram.setComputeUnitPrice({ microLamports: 1_000 }),
        ComputeBudgetProgram.setComputeUnitLimit({ units: 1_001 }),
        transfer,
    ]);
    for (const encoding of ['json', 'jsonParsed', 'base58', 'base64']) {
        const { result } = await probe.ask(`transfer as ${encoding}`, 'getTransaction', [
            signature,
            { ...at, encoding, maxSupportedTransactionVersion: 0 },
        ]);
        // The wire form holds blockhash and signature: only its shape can be compared.
        if (encoding.startsWith('base'))
            probe.answers.set(
                `transfer as ${encoding}`,
                normalize({ ...result, transaction: ['<wire>', result.transaction[1]] }),
            );
    }
    await probe.ask('transfer without version', 'getTransaction', [signature, { ...at, encoding: 'json' }]);
    await probe.ask('status', 'getSignatureStatuses', [[signature, '1'.repeat(64)]]);
    await probe.ask('signatures of the receiver', 'getSignaturesForAddress', [to.toBase58(), at]);
    await probe.ask('transaction that is not there', 'getTransaction', ['1'.repeat(64), at]);
    const failed = await probe.land(
        [SystemProgram.transfer({ fromPubkey: payer.publicKey, toPubkey: to, lamports: 1e17 })],
        [payer],
        true,
    );
    await probe.ask('failed transaction', 'getTransaction', [
        failed,
        { ...at, encoding: 'json', maxSupportedTransactionVersion: 0 },
    ]);
    const slot = (await probe.connection.getSignatureStatus(signature)).value?.slot ?? 0;
    const { result } = await probe.ask('block', 'getBlock', [
        slot,
        { ...at, transactionDetails: 'none', maxSupportedTransactionVersion: 0, rewards: false },
    ]);
    if (result === undefined) throw new Error(`no block at ${slot}`);
    const again = await probe.wire([transfer]);
    const sending = { encoding: 'base64', preflightCommitment: 'confirmed' };
    const { result: first } = await rpc(probe.url, 'sendTransaction', [again, sending]);
    await eventually(async () => {
        const [status] = (await probe.connection.getSignatureStatuses([first])).value;
        return status?.confirmationStatus === 'confirmed' || status?.confirmationStatus === 'finalized'
            ? true
            : undefined;
    }, 30_000);
    await probe.ask('sent twice', 'sendTransaction', [again, { encoding: 'base64', preflightCommitment: 'confirmed' }]);
}

async function askTokens(probe: Probe): Promise<void> {
    const { payer } = probe;
    const mint = keypair('mint');
    const friend = keypair('friend').publicKey;
    const own = getAssociatedTokenAddressSync(mint.publicKey, payer.publicKey);
    const theirs = getAssociatedTokenAddressSync(mint.publicKey, friend);
    const lamports = await probe.connection.getMinimumBalanceForRentExemption(MINT_SIZE);
    await probe.land(
        [
            SystemProgram.createAccount({
                fromPubkey: payer.publicKey,
                newAccountPubkey: mint.publicKey,
                lamports,
                space: MINT_SIZE,
                programId: TOKEN_PROGRAM_ID,
            }),
            createInitializeMint2Instruction(mint.publicKey, 6, payer.publicKey, null),
            createAssociatedTokenAccountInstruction(payer.publicKey, own, payer.publicKey, mint.publicKey),
            createAssociatedTokenAccountInstruction(payer.publicKey, theirs, friend, mint.publicKey),
            createMintToInstruction(mint.publicKey, own, payer.publicKey, 10_500_000n),
        ],
        [payer, mint],
    );
    const signature = await probe.land([
        createTransferCheckedInstruction(own, mint.publicKey, theirs, payer.publicKey, 2_500_000n, 6),
    ]);
    for (const encoding of ['json', 'jsonParsed']) {
        await probe.ask(`token transfer as ${encoding}`, 'getTransaction', [
            signature,
            { ...at, encoding, maxSupportedTransactionVersion: 0 },
        ]);
    }
    const parsed = { ...at, encoding: 'jsonParsed' };
    await probe.ask('mint parsed', 'getAccountInfo', [mint.publicKey.toBase58(), parsed]);
    await probe.ask('token account parsed', 'getAccountInfo', [theirs.toBase58(), parsed]);
    await probe.ask('token balance', 'getTokenAccountBalance', [theirs.toBase58(), at]);
    await probe.ask('token supply', 'getTokenSupply', [mint.publicKey.toBase58(), at]);
    await probe.ask('tokens of an owner', 'getTokenAccountsByOwner', [
        friend.toBase58(),
        { mint: mint.publicKey.toBase58() },
        parsed,
    ]);
    await probe.ask('tokens by a wrong program', 'getTokenAccountsByOwner', [
        friend.toBase58(),
        { programId: friend.toBase58() },
        parsed,
    ]);
    await probe.ask('largest holders', 'getTokenLargestAccounts', [mint.publicKey.toBase58(), at]);
    await probe.ask('balance of no token account', 'getTokenAccountBalance', [payer.publicKey.toBase58(), at]);
    const filters = [{ dataSize: 165 }, { memcmp: { offset: 32, bytes: friend.toBase58() } }];
    await probe.ask('program accounts', 'getProgramAccounts', [
        TOKEN_PROGRAM_ID.toBase58(),
        { ...at, encoding: 'base64', filters },
    ]);
    await probe.ask('program accounts with context', 'getProgramAccounts', [
        TOKEN_PROGRAM_ID.toBase58(),
        { ...at, encoding: 'base64', filters, withContext: true, dataSlice: { offset: 64, length: 8 } },
    ]);
}

async function askLookupTables(probe: Probe): Promise<void> {
    const { payer, connection } = probe;
    const recentSlot = await connection.getSlot('finalized');
    const [create, table] = AddressLookupTableProgram.createLookupTable({
        authority: payer.publicKey,
        payer: payer.publicKey,
        recentSlot,
    });
    const to = keypair('looked up').publicKey;
    const extend = AddressLookupTableProgram.extendLookupTable({
        lookupTable: table,
        authority: payer.publicKey,
        payer: payer.publicKey,
        addresses: [to],
    });
    await probe.land([create, extend]);
    const { value } = await connection.getAddressLookupTable(table);
    const { blockhash } = await connection.getLatestBlockhash();
    const message = new TransactionMessage({
        payerKey: payer.publicKey,
        recentBlockhash: blockhash,
        instructions: [SystemProgram.transfer({ fromPubkey: payer.publicKey, toPubkey: to, lamports: SOL })],
    }).compileToV0Message(value === null ? [] : [value]);
    const transaction = new VersionedTransaction(message);
    transaction.sign([payer]);
    const signature = await connection.sendTransaction(transaction);
    await probe.finalized(signature);
    for (const encoding of ['json', 'jsonParsed']) {
        await probe.ask(`version 0 as ${encoding}`, 'getTransaction', [
            signature,
            { ...at, encoding, maxSupportedTransactionVersion: 0 },
        ]);
    }
    await probe.ask('version 0 for an old client', 'getTransaction', [signature, { ...at, encoding: 'json' }]);
}

/** Asks one cluster everything. Takes some two minutes on a real one, which makes final what it landed after 13 s. */
export async function collectAnswers(url: string): Promise<Answers> {
    const probe = new Probe(url);
    const airdrop = await probe.connection.requestAirdrop(probe.payer.publicKey, 1_000 * SOL);
    await probe.finalized(airdrop);
    await askCluster(probe);
    await askAccounts(probe);
    await askRefusals(probe);
    await askTransfers(probe);
    await askTokens(probe);
    await askLookupTables(probe);
    return probe.answers;
}
