import {
    type AccountInfo,
    Keypair,
    type Logs,
    type SlotInfo,
    SystemProgram,
    sendAndConfirmTransaction,
    Transaction,
} from '@solana/web3.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { eventually, fund, fundedKeypair, type RpcReply, type ServedCluster, SOL, serveCluster } from './support.js';

let served: ServedCluster;
let payer: Keypair;

beforeAll(async () => {
    served = await serveCluster();
    payer = await fundedKeypair(served.cluster);
});
afterAll(() => served.close());

interface RawSocket {
    readonly received: (RpcReply & { method?: string; params?: { result: unknown; subscription: number } })[];
    call(method: string, params?: unknown[]): Promise<RpcReply>;
    send(text: string): void;
    close(): void;
    readonly closed: Promise<number>;
}

async function openSocket(url: string): Promise<RawSocket> {
    const socket = new WebSocket(url);
    const received: RawSocket['received'] = [];
    socket.on('message', (data) => received.push(JSON.parse(data.toString())));
    socket.on('error', () => {});
    const closed = new Promise<number>((resolve) => socket.on('close', resolve));
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    let nextId = 1;
    return {
        received,
        closed,
        send: (text) => socket.send(text),
        close: () => socket.close(),
        call: (method, params = []) => {
            const id = nextId++;
            socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
            return eventually(() => received.find((reply) => reply.id === id));
        },
    };
}

async function transfer(to = Keypair.generate().publicKey, lamports = SOL): Promise<string> {
    const instruction = SystemProgram.transfer({ fromPubkey: payer.publicKey, toPubkey: to, lamports });
    return sendAndConfirmTransaction(served.connection, new Transaction().add(instruction), [payer]);
}

describe('subscriptions through web3.js', () => {
    it('tells of account, program, logs, signature and slot changes', async () => {
        const { connection } = served;
        const watched = Keypair.generate();
        const accounts: AccountInfo<Buffer>[] = [];
        const owned: string[] = [];
        const logs: Logs[] = [];
        const slots: SlotInfo[] = [];
        const ids = {
            account: connection.onAccountChange(watched.publicKey, (account) => accounts.push(account)),
            logs: connection.onLogs(watched.publicKey, (entry) => logs.push(entry)),
            slot: connection.onSlotChange((slot) => slots.push(slot)),
            program: connection.onProgramAccountChange(
                SystemProgram.programId,
                ({ accountId }) => owned.push(accountId.toBase58()),
                { filters: [{ dataSize: 77 }] },
            ),
        };
        await eventually(() => (slots.length > 1 ? true : undefined));
        await fund(served.cluster, payer.publicKey, SOL);
        const signature = await transfer(watched.publicKey, 2 * SOL);
        await eventually(() => accounts[0]);
        expect(accounts[0]?.lamports).toBe(2 * SOL);
        await eventually(() => logs[0]);
        expect(logs[0]?.signature).toBe(signature);
        expect(logs[0]?.logs).toContain('Program 11111111111111111111111111111111 success');

        const sized = Keypair.generate();
        const create = SystemProgram.createAccount({
            fromPubkey: payer.publicKey,
            newAccountPubkey: sized.publicKey,
            lamports: SOL,
            space: 77,
            programId: SystemProgram.programId,
        });
        await sendAndConfirmTransaction(connection, new Transaction().add(create), [payer, sized]);
        await eventually(() => owned[0]);
        expect(owned).toEqual([sized.publicKey.toBase58()]);
        expect((slots[1]?.slot ?? 0) - (slots[0]?.slot ?? 0)).toBe(1);
        await Promise.all([
            connection.removeAccountChangeListener(ids.account),
            connection.removeOnLogsListener(ids.logs),
            connection.removeSlotChangeListener(ids.slot),
            connection.removeProgramAccountChangeListener(ids.program),
        ]);
        const before = accounts.length;
        await transfer(watched.publicKey);
        await new Promise((resolve) => setTimeout(resolve, 100));
        expect(accounts).toHaveLength(before);
    });
});

describe('subscriptions on the wire', () => {
    it('answers on the RPC port as well as on the next', async () => {
        for (const url of [served.wsUrl, served.rpcUrl.replace('http', 'ws')]) {
            const socket = await openSocket(url);
            expect(typeof (await socket.call('slotSubscribe')).result).toBe('number');
            socket.close();
        }
    });

    it('tells a signature that landed before it was subscribed to, once', async () => {
        const signature = await transfer();
        const socket = await openSocket(served.wsUrl);
        const { result } = await socket.call('signatureSubscribe', [signature, { commitment: 'finalized' }]);
        const told = await eventually(() => socket.received.find(({ method }) => method === 'signatureNotification'));
        expect(told.params?.subscription).toBe(result);
        expect(told.params?.result).toMatchObject({ value: { err: null } });
        expect((await socket.call('signatureUnsubscribe', [result])).result).toBe(false);
        socket.close();
    });

    it('tells the owner of an account subscription when the account is gone', async () => {
        const doomed = await fundedKeypair(served.cluster, SOL);
        const socket = await openSocket(served.wsUrl);
        await socket.call('accountSubscribe', [doomed.publicKey.toBase58(), { encoding: 'base64' }]);
        const empty = SystemProgram.transfer({
            fromPubkey: doomed.publicKey,
            toPubkey: payer.publicKey,
            lamports: SOL - 5_000,
        });
        await sendAndConfirmTransaction(served.connection, new Transaction().add(empty), [doomed]);
        const told = await eventually(() => socket.received.find(({ method }) => method === 'accountNotification'));
        expect(told.params?.result).toMatchObject({ value: { lamports: 0, data: ['', 'base64'] } });
        socket.close();
    });

    it('does not let one connection end the subscription of another', async () => {
        const first = await openSocket(served.wsUrl);
        const second = await openSocket(served.wsUrl);
        const { result } = await first.call('rootSubscribe');
        expect((await second.call('rootUnsubscribe', [result])).result).toBe(false);
        expect((await first.call('rootUnsubscribe', [result])).result).toBe(true);
        first.close();
        second.close();
    });

    it('refuses what is not a subscription with the usual error numbers', async () => {
        const socket = await openSocket(served.wsUrl);
        expect((await socket.call('getSlot')).error?.code).toBe(-32601);
        expect((await socket.call('voteSubscribe')).error?.code).toBe(-32601);
        expect((await socket.call('accountSubscribe', ['nonsense'])).error?.code).toBe(-32602);
        socket.send('{');
        await eventually(() => socket.received.find(({ error }) => error?.code === -32700));
        socket.send(JSON.stringify({ jsonrpc: '2.0', method: 'ping' }));
        expect((await socket.call('slotSubscribe')).error).toBeUndefined();
        socket.close();
    });

    it('gives one connection a thousand subscriptions and no more', async () => {
        const socket = await openSocket(served.wsUrl);
        for (let index = 0; index < 1_000; index++) {
            socket.send(JSON.stringify({ jsonrpc: '2.0', id: `s${index}`, method: 'rootSubscribe', params: [] }));
        }
        const refused = await socket.call('rootSubscribe');
        expect(refused.error?.message).toContain('too many subscriptions');
        socket.close();
        await socket.closed;
        const next = await openSocket(served.wsUrl);
        expect((await next.call('rootSubscribe')).error).toBeUndefined();
        next.close();
    });

    it('closes a connection that sends a message larger than allowed', async () => {
        const socket = await openSocket(served.wsUrl);
        socket.send('x'.repeat(70_000));
        expect(await socket.closed).toBe(1009);
    });
});
