import {
    AddressLookupTableProgram,
    ComputeBudgetProgram,
    Keypair,
    NONCE_ACCOUNT_LENGTH,
    NonceAccount,
    PublicKey,
    SystemProgram,
    sendAndConfirmTransaction,
    Transaction,
    TransactionExpiredBlockheightExceededError,
    TransactionMessage,
    VersionedTransaction,
} from '@solana/web3.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fundedKeypair, type ServedCluster, SOL, serveCluster } from './support.js';

let served: ServedCluster;
let payer: Keypair;

beforeAll(async () => {
    served = await serveCluster();
    payer = await fundedKeypair(served.cluster);
});
afterAll(() => served.close());

const transfer = (lamports: number, to = Keypair.generate().publicKey) =>
    SystemProgram.transfer({ fromPubkey: payer.publicKey, toPubkey: to, lamports });

describe('web3.js against the simulated cluster', () => {
    it('confirms an airdrop over WebSocket and tells the real transaction behind it', async () => {
        const { connection } = served;
        const owner = Keypair.generate().publicKey;
        const signature = await connection.requestAirdrop(owner, 3 * SOL);
        const latest = await connection.getLatestBlockhash();
        const confirmed = await connection.confirmTransaction({ signature, ...latest });
        expect(confirmed.value.err).toBeNull();
        expect(await connection.getBalance(owner)).toBe(3 * SOL);
        const airdrop = await connection.getTransaction(signature, { maxSupportedTransactionVersion: 0 });
        expect(airdrop?.meta?.fee).toBe(5_000);
    });

    it('gives two equal airdrops in one slot, each with its own signature', async () => {
        const owner = Keypair.generate().publicKey;
        const first = await served.connection.requestAirdrop(owner, SOL);
        const second = await served.connection.requestAirdrop(owner, SOL);
        expect(second).not.toBe(first);
        expect(await served.connection.getBalance(owner)).toBe(2 * SOL);
    });

    it('transfers, charges 5,000 lamports per signature and reports balances before and after', async () => {
        const { connection } = served;
        const to = Keypair.generate().publicKey;
        const before = await connection.getBalance(payer.publicKey);
        const signature = await sendAndConfirmTransaction(connection, new Transaction().add(transfer(SOL, to)), [
            payer,
        ]);
        const after = await connection.getBalance(payer.publicKey);
        expect(before - after).toBe(SOL + 5_000);
        const landed = await connection.getTransaction(signature, { maxSupportedTransactionVersion: 0 });
        expect(landed?.meta?.fee).toBe(5_000);
        expect(landed?.meta?.preBalances).toEqual([before, 0, 1]);
        expect(landed?.meta?.postBalances).toEqual([after, SOL, 1]);
    });

    it('charges the priority fee that getFeeForMessage foretold', async () => {
        const { connection } = served;
        const to = Keypair.generate().publicKey;
        const instructions = [
            ComputeBudgetProgram.setComputeUnitPrice({ microLamports: 123_457 }),
            ComputeBudgetProgram.setComputeUnitLimit({ units: 10_001 }),
            transfer(SOL, to),
        ];
        const { blockhash } = await connection.getLatestBlockhash();
        const message = new TransactionMessage({ payerKey: payer.publicKey, recentBlockhash: blockhash, instructions });
        const compiled = message.compileToV0Message();
        const foretold = (await connection.getFeeForMessage(compiled)).value;
        const transaction = new VersionedTransaction(compiled);
        transaction.sign([payer]);
        const signature = await connection.sendTransaction(transaction);
        const landed = await connection.getTransaction(signature, { maxSupportedTransactionVersion: 0 });
        // 5,000 + ceil(123,457 × 10,001 / 1,000,000)
        expect(landed?.meta?.fee).toBe(5_000 + 1_235);
        expect(foretold).toBe(landed?.meta?.fee);
        const recent = await connection.getRecentPrioritizationFees({ lockedWritableAccounts: [to] });
        expect(recent.some(({ prioritizationFee }) => prioritizationFee === 123_457)).toBe(true);
    });

    it('creates, extends and uses an address lookup table', async () => {
        const { connection } = served;
        const recentSlot = await connection.getSlot();
        const [create, table] = AddressLookupTableProgram.createLookupTable({
            authority: payer.publicKey,
            payer: payer.publicKey,
            recentSlot,
        });
        const destinations = Array.from({ length: 20 }, () => Keypair.generate().publicKey);
        const extend = AddressLookupTableProgram.extendLookupTable({
            lookupTable: table,
            authority: payer.publicKey,
            payer: payer.publicKey,
            addresses: destinations,
        });
        await sendAndConfirmTransaction(connection, new Transaction().add(create, extend), [payer]);
        const { value: lookupTable } = await connection.getAddressLookupTable(table);
        expect(lookupTable?.state.addresses).toHaveLength(20);
        const { blockhash } = await connection.getLatestBlockhash();
        const message = new TransactionMessage({
            payerKey: payer.publicKey,
            recentBlockhash: blockhash,
            instructions: destinations.map((to) => transfer(SOL / 100, to)),
        }).compileToV0Message(lookupTable === null ? [] : [lookupTable]);
        const transaction = new VersionedTransaction(message);
        transaction.sign([payer]);
        const signature = await connection.sendTransaction(transaction);
        const landed = await connection.getTransaction(signature, { maxSupportedTransactionVersion: 0 });
        expect(landed?.meta?.err).toBeNull();
        expect(landed?.version).toBe(0);
        expect(landed?.meta?.loadedAddresses?.writable).toHaveLength(20);
        const mentions = await connection.getSignaturesForAddress(destinations[7] ?? PublicKey.default);
        expect(mentions.map((entry) => entry.signature)).toEqual([signature]);
        await expect(connection.getTransaction(signature)).rejects.toThrow('maxSupportedTransactionVersion');
    });

    it('pages signatures of an address newest first by before, until and limit', async () => {
        const { connection } = served;
        const watched = Keypair.generate().publicKey;
        const sent: string[] = [];
        for (let index = 0; index < 5; index++) {
            sent.unshift(
                await sendAndConfirmTransaction(connection, new Transaction().add(transfer(SOL + index, watched)), [
                    payer,
                ]),
            );
        }
        const names = async (options: object) =>
            (await connection.getSignaturesForAddress(watched, options)).map(({ signature }) => signature);
        expect(await names({})).toEqual(sent);
        expect(await names({ limit: 2 })).toEqual(sent.slice(0, 2));
        expect(await names({ before: sent[1] })).toEqual(sent.slice(2));
        expect(await names({ before: sent[0], until: sent[3] })).toEqual(sent.slice(1, 3));
    });

    it('fetches many transactions in one batch request', async () => {
        const { connection } = served;
        const signatures = (await connection.getSignaturesForAddress(payer.publicKey)).map(
            ({ signature }) => signature,
        );
        const all = await connection.getTransactions(signatures, { maxSupportedTransactionVersion: 0 });
        expect(all).toHaveLength(signatures.length);
        expect(all.map((entry) => entry?.transaction.signatures[0])).toEqual(signatures);
        const parsed = await connection.getParsedTransactions(signatures, { maxSupportedTransactionVersion: 0 });
        expect(parsed.every((entry) => entry !== null)).toBe(true);
    });

    it('shows what a simulation would leave behind without doing it', async () => {
        const { connection } = served;
        const to = Keypair.generate().publicKey;
        const transaction = new Transaction().add(transfer(2 * SOL, to));
        transaction.feePayer = payer.publicKey;
        const { value } = await connection.simulateTransaction(transaction, [payer], [to]);
        expect(value.err).toBeNull();
        expect(value.unitsConsumed).toBe(150);
        expect(value.accounts?.[0]?.lamports).toBe(2 * SOL);
        expect(await connection.getBalance(to)).toBe(0);
    });

    it('reads a block with the transactions of its slot', async () => {
        const { connection } = served;
        const signature = await sendAndConfirmTransaction(connection, new Transaction().add(transfer(SOL)), [payer]);
        const slot = (await connection.getSignatureStatus(signature)).value?.slot ?? 0;
        const block = await connection.getBlock(slot, { maxSupportedTransactionVersion: 0 });
        expect(block?.transactions.map((entry) => entry.transaction.signatures[0])).toContain(signature);
        expect(await connection.getBlockTime(slot)).toBe(block?.blockTime);
    });
});

describe('web3.js while slots are skipped', () => {
    // web3.js keeps a blockhash for 30 s; a connection that saw the slots before a jump would go on using it.
    let skipping: ServedCluster;
    let rich: Keypair;

    beforeAll(async () => {
        skipping = await serveCluster();
        rich = await fundedKeypair(skipping.cluster);
    });
    afterAll(() => skipping.close());

    it('lets confirmTransaction see a transaction expire that could not land', async () => {
        const { connection, cluster } = skipping;
        const poor = Keypair.generate();
        const latest = await connection.getLatestBlockhash();
        const transaction = new Transaction({ feePayer: poor.publicKey, ...latest });
        transaction.add(SystemProgram.transfer({ fromPubkey: poor.publicKey, toPubkey: rich.publicKey, lamports: 1 }));
        transaction.sign(poor);
        const signature = await connection.sendRawTransaction(transaction.serialize(), { skipPreflight: true });
        const confirming = connection.confirmTransaction({ signature, ...latest });
        cluster.advanceSlots(200);
        await expect(confirming).rejects.toThrow(TransactionExpiredBlockheightExceededError);
    });

    it('sends a durable-nonce transaction long after its blockhash would have expired', async () => {
        const { connection } = skipping;
        const nonce = Keypair.generate();
        const create = SystemProgram.createNonceAccount({
            fromPubkey: rich.publicKey,
            noncePubkey: nonce.publicKey,
            authorizedPubkey: rich.publicKey,
            lamports: await connection.getMinimumBalanceForRentExemption(NONCE_ACCOUNT_LENGTH),
        });
        await sendAndConfirmTransaction(connection, new Transaction().add(create), [rich, nonce]);
        const stored = await connection.getAccountInfo(nonce.publicKey);
        const value = NonceAccount.fromAccountData(stored?.data ?? Buffer.alloc(0)).nonce;
        const advance = SystemProgram.nonceAdvance({ noncePubkey: nonce.publicKey, authorizedPubkey: rich.publicKey });
        const transaction = new Transaction({ feePayer: rich.publicKey, recentBlockhash: value });
        transaction.add(
            advance,
            SystemProgram.transfer({ fromPubkey: rich.publicKey, toPubkey: nonce.publicKey, lamports: SOL }),
        );
        transaction.sign(rich);
        skipping.cluster.advanceSlots(500);
        const signature = await connection.sendRawTransaction(transaction.serialize());
        const [status] = (await connection.getSignatureStatuses([signature])).value;
        expect(status?.err).toBeNull();
        await expect(connection.sendRawTransaction(transaction.serialize())).rejects.toThrow('already been processed');
    });
});
