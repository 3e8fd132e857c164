import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
    ACCOUNT_KINDS,
    createApp,
    createChain,
    type Database,
    type DatabaseHome,
    indexOnce,
    migrate,
    openLibsqlHome,
    readStatus,
    type Summary,
} from '@ocm/indexer';
import { createChainGateway, createLogger, createMetrics } from '@ocm/runtime';
import { PROGRAM_IDS } from '@ocm/sdk';

export const log = createLogger({ name: 'test', level: 'silent' });

export interface TestIndex {
    readonly database: Database;
    /** One pass. */
    pass(options?: { rescanIntervalSecs?: number; pageSize?: number; signal?: AbortSignal }): Promise<Summary>;
    /** The body of `GET path`; fails unless the status is 200. */
    get<Body = Record<string, unknown>>(path: string): Promise<Body>;
    inject(path: string, headers?: Record<string, string>): Promise<Answer>;
    close(): Promise<void>;
}
export interface Answer {
    readonly statusCode: number;
    readonly headers: Readonly<Record<string, unknown>>;
    readonly body: string;
}

/** An index in this process, in a folder of its own unless a home is given, with its HTTP interface. */
export async function openIndex(
    rpcUrl: string,
    options: { home?: DatabaseHome; requestsPerMinute?: number } = {},
): Promise<TestIndex> {
    const folder = await mkdtemp(join(tmpdir(), 'ocm-indexer-'));
    const home = options.home ?? openLibsqlHome(folder, { discardUnreadable: false });
    const database = home.current();
    await migrate(database);
    const gateway = createChainGateway({ rpcUrl, log });
    const stopped = new AbortController();
    const app = await createApp({
        database: () => home.current(),
        status: () => readStatus(home.current(), { programs: PROGRAM_IDS, rebuilding: false, nowMs: Date.now() }),
        requestsPerMinute: options.requestsPerMinute ?? 100_000,
        log,
        metrics: createMetrics({ service: 'test', processMetrics: false }),
        readiness: () => ({ ready: true }),
    });
    const inject = (url: string, headers: Record<string, string> = {}) => app.inject({ method: 'GET', url, headers });
    return {
        database,
        inject,
        pass: async ({ rescanIntervalSecs = 3_600, pageSize = 1_000, signal = stopped.signal } = {}) => {
            const chain = createChain(gateway.connection, signal);
            return indexOnce({ chain, database, programs: PROGRAM_IDS, log, rescanIntervalSecs, pageSize }, signal);
        },
        get: async <Body>(path: string) => {
            const { statusCode, body } = await inject(path);
            if (statusCode !== 200) throw new Error(`${path}: ${statusCode} ${body}`);
            return JSON.parse(body) as Body;
        },
        close: async () => {
            stopped.abort();
            gateway.close();
            await app.close();
            await home.close();
            await rm(folder, { recursive: true, force: true });
        },
    };
}

const TABLES = ['cursors', 'transactions', 'events', 'event_addresses', 'accounts', 'stale_accounts'];

/** Everything that a database says about the chain; not when it was read. */
export async function dump(database: Database): Promise<Record<string, unknown>> {
    const tables = [...TABLES, ...ACCOUNT_KINDS.map(({ table }) => table)];
    const entries: [string, unknown][] = [];
    for (const table of tables) {
        const rows = (await database.all(`SELECT * FROM ${table}`)).map((row) => JSON.stringify(row));
        entries.push([table, rows.sort()]);
    }
    const state = await database.all('SELECT genesis_hash, indexed_slot, finalized_slot FROM state');
    return Object.fromEntries([...entries, ['state', state]]);
}

/** Follows `nextCursor` to the end. */
export async function readPages<Item>(index: TestIndex, path: string, limit: number): Promise<Item[]> {
    const items: Item[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
        const separator = path.includes('?') ? '&' : '?';
        const at = `${path}${separator}limit=${limit}${cursor ? `&cursor=${cursor}` : ''}`;
        const page = await index.get<{ items: Item[]; nextCursor: string | null }>(at);
        if (page.items.length > limit) throw new Error(`${at} has ${page.items.length} items`);
        items.push(...page.items);
        cursor = page.nextCursor;
    }
    return items;
}
