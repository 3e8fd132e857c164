import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IndexedEventPage } from '@ocm/sdk/http';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createActiveContract, type FundedTrade } from '../support/index.js';
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
    killIndexers();
    proxy.meddle = () => undefined;
});
afterAll(async () => {
    await proxy.close();
    await trade.market.cluster.close();
    await rm(folder, { recursive: true, force: true });
});

describe('an indexer process', () => {
    it('answers from what it has while the RPC is away, and goes on when it is back', async () => {
        const indexer = await startIndexer({ rpcUrl: proxy.url, dataDir: join(folder, 'away') });
        await indexer.until(({ ready }) => ready);
        proxy.meddle = () => 503;
        const late = await indexer.until(({ lagSecs }) => (lagSecs ?? 0) >= 2);
        expect(late.ready).toBe(true);
        expect(indexer.output()).not.toContain('passes succeed again');
        await makeNoise(trade, 1);
        proxy.meddle = () => undefined;
        const { slot } = (
            await trade.market.connection.getSignaturesForAddress(trade.seller.address, { limit: 1 })
        )[0]!;
        await indexer.until(({ programs }) => programs.some((program) => program.slot === slot));
        await vi.waitFor(() => expect(indexer.output()).toContain('passes succeed again'), { timeout: 30_000 });
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
        await vi.waitFor(async () => expect(await told()).toBeGreaterThan(first), { timeout: 30_000, interval: 200 });
        indexer.kill('SIGTERM');
        expect(await indexer.exited).toEqual({ code: 0, signal: null });
    });

    it('that is told to stop while the RPC hangs stops at once', async () => {
        let hangs: () => void = () => undefined;
        const hanging = new Promise<void>((resolve) => {
            hangs = resolve;
        });
        proxy.meddle = ({ method }) => {
            if (method !== 'getTransaction') return undefined;
            hangs();
            return new Promise(() => undefined);
        };
        const indexer = await startIndexer({ rpcUrl: proxy.url, dataDir: join(folder, 'hanging') });
        await hanging;
        const askedAtMs = Date.now();
        indexer.kill('SIGTERM');
        expect(await indexer.exited).toEqual({ code: 0, signal: null });
        expect(Date.now() - askedAtMs).toBeLessThan(8_000);
    });
});
