import { createSimulatedCluster, type SimulatedCluster, sendAndConfirm } from '@ocm/cluster';
import {
    ComputeBudgetProgram,
    Connection,
    Keypair,
    PublicKey,
    SYSVAR_SLOT_HASHES_PUBKEY,
    SystemProgram,
    Transaction,
    TransactionMessage,
    VersionedTransaction,
} from '@solana/web3.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fundedKeypair, SOL } from './support.js';

let cluster: SimulatedCluster;
let connection: Connection;

const connectTo = (target: SimulatedCluster): Connection =>
    new Connection('http://in-process', { commitment: 'confirmed', fetch: target.fetch });

beforeEach(() => {
    cluster = createSimulatedCluster();
    connection = connectTo(cluster);
});
afterEach(() => cluster.close());

const transfer = (from: Keypair, lamports: number, to = Keypair.generate().publicKey) =>
    SystemProgram.transfer({ fromPubkey: from.publicKey, toPubkey: to, lamports });

describe('a cluster in this process, without sockets', () => {
    it('serves a web3.js Connection through its fetch', async () => {
        const payer = await fundedKeypair(cluster);
        const to = Keypair.generate().publicKey;
        await sendAndConfirm(connection, new Transaction().add(transfer(payer, SOL, to)), [payer]);
        expect(await connection.getBalance(to)).toBe(SOL);
        const message = new TransactionMessage({
            payerKey: payer.publicKey,
            recentBlockhash: PublicKey.default.toBase58(),
            instructions: [transfer(payer, SOL, to)],
        }).compileToV0Message();
        await sendAndConfirm(connection, new VersionedTransaction(message), [payer]);
        expect(await connection.getBalance(to)).toBe(2 * SOL);
    });

    it('reports the error of a transaction sent by the helper', async () => {
        const payer = await fundedKeypair(cluster);
        const sending = sendAndConfirm(connection, new Transaction().add(transfer(payer, 1_000 * SOL)), [payer]);
        await expect(sending).rejects.toThrow('custom program error: 0x1');
    });

    it('answers plain JSON-RPC objects and batches', async () => {
        const one = { jsonrpc: '2.0', id: 1, method: 'getHealth' };
        expect(await cluster.handle(one)).toMatchObject({ id: 1, result: 'ok' });
        expect(await cluster.handle([one, one])).toHaveLength(2);
    });

    it('prints u64 maxima exactly', async () => {
        const payer = await fundedKeypair(cluster);
        const response = await cluster.fetch('http://x', {
            method: 'POST',
            body: JSON.stringify({
                jsonrpc: '2.0',
                id: 1,
                method: 'getAccountInfo',
                params: [payer.publicKey.toBase58()],
            }),
        });
        expect(await response.text()).toContain('"rentEpoch":18446744073709551615');
    });

    it('begins others from a snapshot that do not know of each other', async () => {
        const payer = await fundedKeypair(cluster);
        const snapshot = cluster.snapshot();
        const copies = [createSimulatedCluster({ from: snapshot }), createSimulatedCluster({ from: snapshot })];
        const [first, second] = copies.map(connectTo);
        const to = Keypair.generate().publicKey;
        const signature = await sendAndConfirm(first as Connection, new Transaction().add(transfer(payer, SOL, to)), [
            payer,
        ]);
        expect(await first?.getBalance(to)).toBe(SOL);
        expect(await second?.getBalance(to)).toBe(0);
        expect(await connection.getBalance(to)).toBe(0);
        expect((await second?.getSignatureStatuses([signature]))?.value).toEqual([null]);
        expect(await second?.getGenesisHash()).toBe(cluster.genesisHash);
        expect((await second?.getSignaturesForAddress(payer.publicKey))?.length).toBe(1);
        for (const copy of copies) await copy.close();
    });

    it('has another genesis hash each time', async () => {
        const other = createSimulatedCluster();
        expect(other.genesisHash).not.toBe(cluster.genesisHash);
        await other.close();
    });

    it('forgets old transactions beyond its bound, but none that could be sent again', async () => {
        const small = createSimulatedCluster({ historyTransactions: 10, slotDurationMs: 0 });
        const target = connectTo(small);
        const payer = await fundedKeypair(small);
        const signatures: string[] = [];
        const sendOne = async (): Promise<void> => {
            const { blockhash } = await target.getLatestBlockhash();
            const transaction = new Transaction({ feePayer: payer.publicKey, recentBlockhash: blockhash });
            transaction.add(transfer(payer, SOL / 100));
            transaction.sign(payer);
            signatures.push(await target.sendRawTransaction(transaction.serialize()));
        };
        for (let index = 0; index < 15; index++) await sendOne();
        expect(await target.getTransaction(signatures[0] ?? '')).not.toBeNull();
        small.advanceSlots(200);
        await sendOne();
        expect(await target.getTransaction(signatures[0] ?? '')).toBeNull();
        expect(await target.getTransaction(signatures[15] ?? '')).not.toBeNull();
        expect(await target.getSignaturesForAddress(payer.publicKey)).toHaveLength(10);
        expect(await target.getTransactionCount()).toBe(17);
        await small.close();
    });

    it('lists program accounts by filters and sees later changes', async () => {
        const payer = await fundedKeypair(cluster);
        const owner = Keypair.generate().publicKey;
        const make = async (lamports: number): Promise<PublicKey> => {
            const account = Keypair.generate();
            const create = SystemProgram.createAccount({
                fromPubkey: payer.publicKey,
                newAccountPubkey: account.publicKey,
                lamports,
                space: 40,
                programId: owner,
            });
            await sendAndConfirm(connection, new Transaction().add(create), [payer, account]);
            return account.publicKey;
        };
        const first = await make(SOL);
        const found = async (filters: { memcmp: { offset: number; bytes: string } }[] = []) =>
            (await connection.getProgramAccounts(owner, { filters, dataSlice: { offset: 0, length: 2 } })).map(
                ({ pubkey, account }) => [pubkey.toBase58(), account.data.length],
            );
        expect(await found()).toEqual([[first.toBase58(), 2]]);
        const second = await make(2 * SOL);
        expect((await found()).map(([key]) => key).sort()).toEqual([first.toBase58(), second.toBase58()].sort());
        await cluster.handle({
            jsonrpc: '2.0',
            id: 1,
            method: 'surfnet_setAccount',
            params: [second.toBase58(), { data: `07${'00'.repeat(39)}` }],
        });
        // Base58 "8" is the byte 7.
        expect(await found([{ memcmp: { offset: 0, bytes: '8' } }])).toEqual([[second.toBase58(), 2]]);
        await cluster.handle({
            jsonrpc: '2.0',
            id: 1,
            method: 'surfnet_setAccount',
            params: [first.toBase58(), { lamports: 0 }],
        });
        expect((await found()).map(([key]) => key)).toEqual([second.toBase58()]);
    });
});

describe('slots and time', () => {
    it('keeps 512 consecutive slot hashes that do not change afterwards', async () => {
        const read = async (): Promise<Map<bigint, string>> => {
            const data = (await connection.getAccountInfo(SYSVAR_SLOT_HASHES_PUBKEY))?.data ?? Buffer.alloc(8);
            const hashes = new Map<bigint, string>();
            for (let index = 0; index < Number(data.readBigUInt64LE(0)); index++) {
                const offset = 8 + index * 40;
                hashes.set(data.readBigUInt64LE(offset), data.subarray(offset + 8, offset + 40).toString('hex'));
            }
            return hashes;
        };
        const before = await read();
        const slots = [...before.keys()];
        expect(slots).toHaveLength(512);
        expect(slots.every((slot, index) => index === 0 || slot === (slots[index - 1] ?? 0n) - 1n)).toBe(true);
        expect(slots[0]).toBe(BigInt(await connection.getSlot('confirmed')));
        expect(new Set(before.values()).size).toBe(512);
        cluster.advanceSlots(100);
        const after = await read();
        for (const [slot, hash] of after) if (before.has(slot)) expect(hash).toBe(before.get(slot));
        expect(after.size).toBe(512);
    });

    it('travels to an exact time without spending blockhashes', async () => {
        const { blockhash } = await connection.getLatestBlockhash();
        const target = cluster.clock().unixTimestamp + 30 * 86_400;
        expect(cluster.timeTravel({ toUnixSecs: target })).toBe(target);
        expect((await connection.isBlockhashValid(blockhash)).value).toBe(true);
        const slot = await connection.getSlot('processed');
        expect(await connection.getBlockTime(slot)).toBe(target);
        const clock = await connection.getParsedAccountInfo(
            new PublicKey('SysvarC1ock11111111111111111111111111111111'),
        );
        expect(clock.value?.data).toMatchObject({ parsed: { info: { unixTimestamp: target } } });
        expect(() => cluster.timeTravel({ toUnixSecs: target - 10 })).toThrow('forward only');
    });

    it('answers the Surfpool time travel method, forward only', async () => {
        const call = async (params: unknown[]) =>
            (await cluster.handle({ jsonrpc: '2.0', id: 1, method: 'surfnet_timeTravel', params })) as {
                result?: { absoluteSlot: number; epoch: number };
                error?: { message: string };
            };
        const { slot, unixTimestamp } = cluster.clock();
        expect((await call([{ absoluteSlot: slot + 1_000 }])).result?.absoluteSlot).toBe(slot + 1_000);
        expect(cluster.clock().unixTimestamp - unixTimestamp).toBeGreaterThanOrEqual(400);
        expect((await call([{ absoluteSlot: 5 }])).error?.message).toContain('forward only');
        expect((await call([{ absoluteTimestamp: unixTimestamp }])).error?.message).toContain('milliseconds');
        expect((await call([{ absoluteEpoch: 2 }])).result?.epoch).toBe(2);
        expect((await call([{}])).error?.message).toContain('name absoluteTimestamp');
    });

    it('stands still while paused and goes on from there', async () => {
        const call = (method: string) => cluster.handle({ jsonrpc: '2.0', id: 1, method, params: [] });
        await call('surfnet_pauseClock');
        const paused = cluster.clock();
        await new Promise((resolve) => setTimeout(resolve, 1_300));
        expect(cluster.clock()).toEqual(paused);
        const resumedAtMs = performance.now();
        await call('surfnet_resumeClock');
        await new Promise((resolve) => setTimeout(resolve, 500));
        const resumed = cluster.clock();
        const elapsedSecs = Math.ceil((performance.now() - resumedAtMs) / 1_000);
        expect(resumed.slot).toBeGreaterThan(paused.slot);
        // The pause itself, 1.3 s, is not in it.
        expect(resumed.unixTimestamp - paused.unixTimestamp).toBeLessThanOrEqual(elapsedSecs);
    });

    it('never runs backwards when the wall clock does', async () => {
        let wall = 1_700_000_000_000;
        const odd = createSimulatedCluster({ now: () => wall, slotDurationMs: 400 });
        const before = odd.clock();
        wall -= 3_600_000;
        odd.advanceSlots();
        expect(odd.clock().unixTimestamp).toBeGreaterThanOrEqual(before.unixTimestamp);
        wall += 3_700_000;
        expect(odd.clock().slot).toBeGreaterThan(before.slot + 1);
        expect(odd.clock().unixTimestamp).toBeGreaterThan(before.unixTimestamp);
        await odd.close();
    });

    it('makes one slot every 400 ms of wall time', () => {
        let wall = 1_700_000_000_000;
        const timed = createSimulatedCluster({ now: () => wall });
        const { slot } = timed.clock();
        wall += 4_000;
        expect(timed.clock()).toEqual({ slot: slot + 10, unixTimestamp: 1_700_000_004 });
        return timed.close();
    });

    it('lets a compute-unit limit that is too low fail the transaction', async () => {
        const payer = await fundedKeypair(cluster);
        const limited = new Transaction().add(
            ComputeBudgetProgram.setComputeUnitLimit({ units: 200 }),
            transfer(payer, SOL),
        );
        await expect(sendAndConfirm(connection, limited, [payer])).rejects.toThrow('Computational budget exceeded');
    });
});
