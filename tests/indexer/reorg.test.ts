import type { IndexedAccount, IndexedEvent } from '@ocm/sdk/http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createActiveContract, type FundedTrade } from '../support/index.js';
import { type Account, type Answer, type Fork, forkAt, type Listed, moveTo } from './fork.js';
import { dump, openIndex, type TestIndex } from './index-of.js';
import { makeNoise, serveMarket } from './market.js';
import { type RpcProxy, startRpcProxy } from './rpc-proxy.js';

let trade: FundedTrade;
let proxy: RpcProxy;
let index: TestIndex;
let rpcUrl: string;
let settled: Record<string, unknown>;
let signature: string;
let participant: string;
let fork: Fork;

async function readRaw(address: string): Promise<Account> {
    const body = { jsonrpc: '2.0', id: 1, method: 'getMultipleAccounts', params: [[address], { encoding: 'base64' }] };
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(rpcUrl, { method: 'POST', headers, body: JSON.stringify(body) });
    return ((await response.json()) as { result: Answer }).result.value[0] ?? null;
}

const readEvents = async () => (await index.get<{ items: IndexedEvent[] }>(`/v1/events?signature=${signature}`)).items;
const readPayout = async () => (await index.get<IndexedAccount>(`/v1/participants/${participant}`)).data.payout;

beforeAll(async () => {
    trade = await createActiveContract();
    ({ rpcUrl } = await serveMarket(trade));
    proxy = await startRpcProxy(rpcUrl);
    index = await openIndex(proxy.url);
    participant = trade.seller.address.toBase58();
    await makeNoise(trade, 2);
    const before = await readRaw(participant);
    await index.pass();
    settled = await dump(index.database);
    await makeNoise(trade, 1);
    const [newest] = await trade.market.connection.getSignaturesForAddress(trade.seller.address, { limit: 1 });
    signature = newest!.signature;
    fork = { signature, account: participant, before };
});
afterAll(async () => {
    await index.close();
    await proxy.close();
    await trade.market.cluster.close();
});

describe('a transaction that is confirmed and not final', () => {
    it('is shown as such, and the cursor stays before it', async () => {
        forkAt(proxy, { ...fork, served: true });
        expect(await index.pass()).toMatchObject({ transactions: 1, dropped: 0 });
        const [event] = await readEvents();
        expect(event).toMatchObject({ name: 'PayoutSet', finalized: false });
        expect(await readPayout()).toBe(trade.seller.hot.publicKey.toBase58());
        const { cursors } = await dump(index.database);
        expect(cursors).toEqual(settled.cursors);
        expect(await index.pass(), 'it is listed anew and not read anew').toMatchObject({
            transactions: 0,
            accounts: 0,
        });
    });

    it('is taken back with its events and what it wrote when the cluster drops it', async () => {
        forkAt(proxy, { ...fork, served: false });
        expect(await index.pass()).toMatchObject({ dropped: 1, transactions: 0 });
        expect(await readEvents()).toEqual([]);
        expect(await readPayout()).toBe(trade.seller.owner.publicKey.toBase58());
        const { transactions, events, event_addresses } = await dump(index.database);
        expect({ transactions, events, event_addresses }).toEqual({
            transactions: settled.transactions,
            events: settled.events,
            event_addresses: settled.event_addresses,
        });
    });

    it('is kept when only the list of one node lacks it', async () => {
        forkAt(proxy, { ...fork, served: true });
        await index.pass();
        proxy.meddle = ({ method }) =>
            method === 'getSignaturesForAddress'
                ? (result) => (result as Listed).filter((entry) => entry.signature !== signature)
                : undefined;
        expect(await index.pass()).toMatchObject({ dropped: 0 });
        expect(await readEvents()).toHaveLength(1);
    });

    it('becomes final once, with the content of an index that never saw it unsettled', async () => {
        proxy.meddle = () => undefined;
        await index.pass({ rescanIntervalSecs: 0 });
        expect(await readEvents()).toMatchObject([{ finalized: true }]);
        const other = await openIndex(rpcUrl);
        await other.pass();
        expect(await dump(index.database)).toEqual(await dump(other.database));
        await other.close();
    });

    it('is read anew where it comes into another slot, and has no events where it fails there', async () => {
        await makeNoise(trade, 1);
        const [newest] = await trade.market.connection.getSignaturesForAddress(trade.seller.address, { limit: 1 });
        const { signature: moved, slot } = newest!;
        const ask = async () => (await index.get<{ items: IndexedEvent[] }>(`/v1/events?signature=${moved}`)).items;
        moveTo(proxy, moved, { by: -1, status: 'confirmed', err: null });
        await index.pass();
        expect(await ask()).toMatchObject([{ slot: slot - 1, finalized: false }]);
        moveTo(proxy, moved, { by: -2, status: 'confirmed', err: { InstructionError: [0, 'InvalidArgument'] } });
        expect(await index.pass()).toMatchObject({ transactions: 1, dropped: 0 });
        expect(await ask()).toEqual([]);
        moveTo(proxy, moved, { by: 0, status: 'finalized', err: null });
        expect(await index.pass()).toMatchObject({ transactions: 1, dropped: 0 });
        expect(await ask()).toMatchObject([{ slot, finalized: true }]);
    });
});
