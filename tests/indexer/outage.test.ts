import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IndexedEventPage, IndexerStatus } from '@ocm/sdk/http';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createActiveContract, type FundedTrade, testKeypair } from '../support/index.js';
import { dump, openIndex } from './index-of.js';
import { makeNoise, serveMarket } from './market.js';
import { buildIndexer, killIndexers, startIndexer } from './process.js';
import { type RpcProxy, startRpcProxy } from './rpc-proxy.js';

let trade: FundedTrade;
let proxy: RpcProxy;
let rpcUrl: string;
let wsUrl: string;
let folder: string;
beforeAll(async () => {
    buildIndexer();
    trade = await createActiveContract();
    ({ rpcUrl, wsUrl } = await serveMarket(trade));
    proxy = await startRpcProxy(rpcUrl);
    folder = await mkdtemp(join(tmpdir(), 'ocm-indexer-'));
});
afterEach(() => {
    proxy.meddle = () => undefined;
});
afterAll(async () => {
    killIndexers();
    await proxy.close();
    await trade.market.cluster.close();
    await rm(folder, { recursive: true, force: true });
});

describe('an RPC that refuses for a while', () => {
    it.each([
        [429, 'too many requests'],
        [503, 'unavailable'],
    ])('with %i (%s) is asked again with pauses, and nothing is lost', async (status) => {
        const quiet = vi.spyOn(console, 'error').mockImplementation(() => undefined);
        const index = await openIndex(proxy.url);
        let refusals = 0;
        // Every ninth request is refused, whatever it asks.
        proxy.meddle = () => {
            if (proxy.calls.length % 9 !== 0) return undefined;
            refusals += 1;
            return status;
        };
        await index.pass();
        expect(refusals).toBeGreaterThan(0);
        proxy.meddle = () => undefined;
        const undisturbed = await openIndex(rpcUrl);
        await undisturbed.pass();
        expect(await dump(index.database)).toEqual(await dump(undisturbed.database));
        await Promise.all([index.close(), undisturbed.close()]);
        quiet.mockRestore();
    });

    it('without end fails the pass by a code that names the remedy, and the next pass succeeds', async () => {
        const index = await openIndex(proxy.url);
        proxy.meddle = ({ method }) => (method === 'getTransaction' ? 503 : undefined);
        await expect(index.pass()).rejects.toMatchObject({
            code: 'MKT_RUNTIME__RPC_UNREACHABLE',
            message: expect.stringContaining('correct rpcUrl'),
        });
        const listed = await index.get<IndexerStatus>('/v1/status');
        expect(listed).toMatchObject({ ready: false, lagSecs: null });
        expect(listed.pendingTransactions).toBeGreaterThan(0);
        proxy.meddle = () => undefined;
        await index.pass();
        expect(await index.get('/v1/status')).toMatchObject({ ready: true, pendingTransactions: 0 });
        await index.close();
    });

    it('of one transaction only holds up no other', async () => {
        const index = await openIndex(proxy.url);
        const [newest] = await trade.market.connection.getSignaturesForAddress(trade.seller.address, { limit: 1 });
        proxy.meddle = ({ method, params }) =>
            method === 'getTransaction' && params[0] === newest!.signature ? () => null : undefined;
        expect(await index.pass()).toMatchObject({ unread: 1 });
        expect(await index.get('/v1/status')).toMatchObject({ ready: true, pendingTransactions: 1 });
        proxy.meddle = () => undefined;
        expect(await index.pass()).toMatchObject({ transactions: 1, unread: 0 });
        await index.close();
    });

    it('of another cluster is refused before anything is written', async () => {
        const index = await openIndex(proxy.url);
        await index.pass();
        const before = await dump(index.database);
        proxy.meddle = ({ method }) =>
            method === 'getGenesisHash' ? () => testKeypair('other').publicKey.toBase58() : undefined;
        await expect(index.pass()).rejects.toMatchObject({
            code: 'MKT_INDEXER__OTHER_CLUSTER',
            message: expect.stringContaining('--rebuild'),
        });
        expect(await dump(index.database)).toEqual(before);
        await index.close();
    });
});

describe('an indexer process', () => {
    it('answers from what it has while the RPC is away, and goes on when it is back', async () => {
        const indexer = await startIndexer({ rpcUrl: proxy.url, dataDir: join(folder, 'away') });
        await indexer.until(({ ready }) => ready);
        proxy.meddle = () => 503;
        const late = await indexer.until(({ lagSecs }) => (lagSecs ?? 0) >= 2);
        expect(late.ready).toBe(true);
        await makeNoise(trade, 1);
        proxy.meddle = () => undefined;
        const { slot } = (
            await trade.market.connection.getSignaturesForAddress(trade.seller.address, { limit: 1 })
        )[0]!;
        await indexer.until(({ programs }) => programs.some((program) => program.slot === slot));
        indexer.kill('SIGTERM');
        expect(await indexer.exited).toEqual({ code: 0, signal: null });
    });

    it('reads sooner than its interval when the cluster tells it of a transaction', async () => {
        const config = { rpcUrl, wsUrl, dataDir: join(folder, 'hint'), pollIntervalMs: 600_000 };
        const indexer = await startIndexer(config);
        await indexer.until(({ ready }) => ready);
        // The subscriptions may take a moment; each transaction is a further hint.
        const told = async () => {
            await makeNoise(trade, 1);
            const page = (await (await fetch(`${indexer.url}/v1/events?limit=1`)).json()) as IndexedEventPage;
            return page.items[0]!.slot;
        };
        const first = await told();
        await vi.waitFor(async () => expect(await told()).toBeGreaterThan(first), { timeout: 10_000, interval: 200 });
        indexer.kill('SIGTERM');
        expect(await indexer.exited).toEqual({ code: 0, signal: null });
    });
});
