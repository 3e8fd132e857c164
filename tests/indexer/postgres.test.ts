import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ACCOUNT_KINDS } from '@ocm/indexer';
import type { IndexerStatus } from '@ocm/sdk/http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FundedTrade } from '../support/index.js';
import { layOutMarket, makeNoise, serveMarket } from './market.js';
import { findPostgres, GIVEN_URL, startPostgres } from './postgres-server.js';
import { buildIndexer, type IndexerProcess, killIndexers, startIndexer } from './process.js';
import { type RpcProxy, startRpcProxy } from './rpc-proxy.js';

/** Five processes one after another, on whatever machine. */
const TIMEOUT_MS = 180_000;
const bin = findPostgres();
const missing = GIVEN_URL === undefined && bin === null;
if (missing) console.warn('left out: no PostgreSQL; install one or set OCM_TEST_POSTGRES_URL');

let trade: FundedTrade;
let proxy: RpcProxy;
let folder: string;
let databaseUrl: string;
let stop: () => Promise<void> = async () => undefined;

describe.skipIf(missing)('an indexer on PostgreSQL', () => {
    beforeAll(async () => {
        buildIndexer();
        trade = await layOutMarket();
        await makeNoise(trade, 60);
        trade.market.cluster.advanceSlots(2);
        proxy = await startRpcProxy((await serveMarket(trade)).rpcUrl);
        folder = await mkdtemp(join(tmpdir(), 'ocm-indexer-'));
        if (GIVEN_URL !== undefined) databaseUrl = GIVEN_URL;
        else ({ url: databaseUrl, stop } = await startPostgres(bin as string));
    });
    afterAll(async () => {
        killIndexers();
        await stop();
        await proxy?.close();
        await trade?.market.cluster.close();
        if (folder) await rm(folder, { recursive: true, force: true });
    });

    const start = (name: string, args: string[] = []) =>
        startIndexer({ rpcUrl: proxy.url, dataDir: join(folder, name), databaseUrl }, args);

    it(
        'that is killed and rebuilt says what one on a file says, in the same order and the same pages',
        async () => {
            let left = 70;
            let reached: () => void = () => undefined;
            const atCall = new Promise<void>((resolve) => {
                reached = resolve;
            });
            proxy.meddle = () => {
                left -= 1;
                if (left === 0) reached();
                return undefined;
            };
            // Whatever stands in a database that was given is of another chain.
            const killed = await start('one', ['--rebuild']);
            await atCall;
            killed.kill('SIGKILL');
            await killed.exited;
            const rebuilt = await start('one', ['--rebuild']);
            await rebuilt.until(({ ready, rebuilding }) => ready && !rebuilding);
            await rebuilt.until(isFinal);
            const file = await startIndexer({ rpcUrl: proxy.url, dataDir: join(folder, 'file') });
            await file.until(isFinal);
            const said = await readAll(rebuilt);
            expect(said).toEqual(await readAll(file));
            expect(said.get('/v1/events')?.length).toBeGreaterThan(80);
            await end(rebuilt);
            const resumed = await start('one');
            await resumed.until(({ ready }) => ready);
            expect(await readAll(resumed)).toEqual(said);
            await Promise.all([end(resumed), end(file)]);
        },
        TIMEOUT_MS,
    );

    it('keeps a second writer out, and tells which database it is', async () => {
        const first = await start('first');
        await first.until(({ ready }) => ready);
        const second = await start('second');
        expect(await second.exited).toMatchObject({ code: 1 });
        expect(second.output()).toContain('another indexer writes to the PostgreSQL of databaseUrl');
        expect(second.output()).toContain('MKT_INDEXER__DATABASE_IN_USE');
        await end(first);
    });

    it('that is not there is named without its password', async () => {
        const dataDir = join(folder, 'nowhere');
        const config = { rpcUrl: proxy.url, dataDir, databaseUrl: 'postgresql://ocm:secret@127.0.0.1:1/ocm' };
        const indexer = await startIndexer(config);
        expect(await indexer.exited).toMatchObject({ code: 1 });
        expect(indexer.output()).toContain('MKT_INDEXER__DATABASE_UNREACHABLE');
        expect(indexer.output()).not.toContain('secret');
    });
});

/** Every slot that was read is final: what answers say of that depends on when they were asked. */
const isFinal = ({ finalizedSlot, programs, ready }: IndexerStatus) =>
    ready && programs.every(({ slot }) => (slot ?? 0) <= finalizedSlot);

async function end(indexer: IndexerProcess): Promise<void> {
    indexer.kill('SIGTERM');
    expect(await indexer.exited).toEqual({ code: 0, signal: null });
}

/** Every item of every list, in the order of its pages; not the slot at which it was read. */
async function readAll({ url }: IndexerProcess): Promise<Map<string, unknown[]>> {
    const all = new Map<string, unknown[]>();
    for (const path of ['/v1/events', ...ACCOUNT_KINDS.map((kind) => `/v1/${kind.path}`)]) {
        const items: unknown[] = [];
        for (let cursor: string | null | undefined; cursor !== null; ) {
            const response = await fetch(`${url}${path}?limit=3${cursor ? `&cursor=${cursor}` : ''}`);
            const page = (await response.json()) as { items: Record<string, unknown>[]; nextCursor: string | null };
            items.push(
                ...page.items.map((item) =>
                    path === '/v1/events' ? item : { address: item.address, data: item.data },
                ),
            );
            cursor = page.nextCursor;
        }
        all.set(path, items);
    }
    return all;
}
