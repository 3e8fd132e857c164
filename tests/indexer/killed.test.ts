import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLibsqlHome } from '@ocm/indexer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../fuzz/random.js';
import type { FundedTrade } from '../support/index.js';
import { dump, openIndex } from './index-of.js';
import { layOutMarket, makeNoise, serveMarket } from './market.js';
import { buildIndexer, killIndexers, startIndexer } from './process.js';
import { type RpcProxy, startRpcProxy } from './rpc-proxy.js';

const KILLS = 10;
const SEED = 20_261;
/** A dozen processes one after another, on whatever machine. */
const TIMEOUT_MS = 180_000;

let trade: FundedTrade;
let proxy: RpcProxy;
let undisturbed: Record<string, unknown>;
let folder: string;
beforeAll(async () => {
    buildIndexer();
    trade = await layOutMarket();
    await makeNoise(trade, 150);
    const { rpcUrl } = await serveMarket(trade);
    proxy = await startRpcProxy(rpcUrl);
    const index = await openIndex(rpcUrl);
    await index.pass();
    undisturbed = await dump(index.database);
    await index.close();
    folder = await mkdtemp(join(tmpdir(), 'ocm-indexer-'));
});
afterAll(async () => {
    killIndexers();
    await proxy.close();
    await trade.market.cluster.close();
    await rm(folder, { recursive: true, force: true });
});

async function dumpFolder(dataDir: string): Promise<Record<string, unknown>> {
    const home = openLibsqlHome(dataDir, { discardUnreadable: false });
    const content = await dump(home.current());
    await home.close();
    return content;
}

/** Starts an indexer that is killed when it asks the cluster for the n-th time. @returns whether it came that far. */
async function killAtCall(dataDir: string, count: number, args: readonly string[] = []): Promise<boolean> {
    let seen = 0;
    let reached: () => void = () => undefined;
    const atCall = new Promise<void>((resolve) => {
        reached = resolve;
    });
    proxy.meddle = () => {
        seen += 1;
        if (seen !== count) return undefined;
        reached();
        // The answer never comes to the one who asked.
        return new Promise((resolve) => setTimeout(resolve, 50));
    };
    const indexer = await startIndexer({ rpcUrl: proxy.url, dataDir }, args);
    const came = await Promise.race([atCall.then(() => true), indexer.exited.then(() => false)]);
    indexer.kill('SIGKILL');
    await indexer.exited;
    proxy.meddle = () => undefined;
    return came;
}

async function finish(dataDir: string, args: readonly string[] = []): Promise<void> {
    const indexer = await startIndexer({ rpcUrl: proxy.url, dataDir }, args);
    await indexer.until(({ ready, rebuilding }) => ready && !rebuilding);
    indexer.kill('SIGTERM');
    expect(await indexer.exited).toEqual({ code: 0, signal: null });
}

describe('an indexer that is killed', () => {
    it('on its way back through history goes on where it was', async () => {
        const random = new Random(SEED, 1);
        const index = await openIndex(proxy.url);
        const listings = () => proxy.calls.filter(({ method }) => method === 'getSignaturesForAddress').length;
        for (let stop = 0; stop < 8; stop += 1) {
            const stopped = new AbortController();
            let left = random.int(4, 12);
            proxy.meddle = () => {
                left -= 1;
                if (left === 0) stopped.abort();
                return undefined;
            };
            await expect(index.pass({ pageSize: 7, signal: stopped.signal })).rejects.toThrow();
        }
        proxy.meddle = () => undefined;
        const before = listings();
        await index.pass({ pageSize: 7 });
        expect(await dump(index.database)).toEqual(undisturbed);
        const pages = (undisturbed.transactions as string[]).length / 7;
        expect(listings() - before, 'pages that were written are not asked for again').toBeLessThan(pages);
        await index.close();
    });

    it(
        'ten times in the middle of reading has in the end what an undisturbed one has',
        async () => {
            const dataDir = join(folder, 'killed');
            const random = new Random(SEED);
            let progress = 0;
            for (let kill = 0; kill < KILLS; kill += 1) {
                expect(await killAtCall(dataDir, random.int(8, 120)), `kill ${kill}`).toBe(true);
                const { transactions } = (await dumpFolder(dataDir)) as { transactions: string[] };
                const ingested = transactions.filter((row) => row.includes('"ingested":1')).length;
                expect(ingested).toBeGreaterThanOrEqual(progress);
                progress = ingested;
            }
            expect(progress).toBeGreaterThan(0);
            await finish(dataDir);
            expect(await dumpFolder(dataDir)).toEqual(undisturbed);
        },
        TIMEOUT_MS,
    );

    it(
        'while it rebuilds keeps the database that stands, and a rebuild to the end has the same content',
        async () => {
            const dataDir = join(folder, 'rebuilt');
            await finish(dataDir);
            expect(await killAtCall(dataDir, 60, ['--rebuild'])).toBe(true);
            expect(await readdir(dataDir)).toContain('index-2.db');
            expect(await dumpFolder(dataDir)).toEqual(undisturbed);
            await finish(dataDir, ['--rebuild']);
            expect((await readdir(dataDir)).filter((name) => name.endsWith('.db'))).toEqual(['index-2.db']);
            expect(await dumpFolder(dataDir)).toEqual(undisturbed);
        },
        TIMEOUT_MS,
    );
});
