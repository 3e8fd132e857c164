import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, createMetrics } from '@ocm/runtime';
import { PROGRAM_IDS } from '@ocm/sdk';
import type { FastifyInstance } from 'fastify';
import { openLibsqlHome } from '../../src/adapters/libsql-home.js';
import { type AppDeps, createApp } from '../../src/app.js';
import { migrate } from '../../src/migrate.js';
import type { DatabaseHome } from '../../src/ports.js';
import { readStatus } from '../../src/query-status.js';

export const testAddress = PROGRAM_IDS.market.toBase58();

export interface Served {
    readonly home: DatabaseHome;
    create(overrides?: Partial<AppDeps>): Promise<FastifyInstance>;
    dispose(): Promise<void>;
}

/** A database with one account whose amounts are the largest that there are. */
export async function serve(): Promise<Served> {
    const folder = await mkdtemp(join(tmpdir(), 'ocm-indexer-'));
    const home = openLibsqlHome(folder, { discardUnreadable: false });
    const database = () => home.current();
    await migrate(database());
    const most = '18446744073709551615';
    await database().batch([
        {
            sql: 'INSERT INTO configs (address, slot, lamports, data, raw) VALUES (?, 1, ?, ?, ?)',
            params: [testAddress, most, JSON.stringify({ amount: most }), ''],
        },
    ]);
    return {
        home,
        create: (overrides = {}) =>
            createApp({
                database,
                status: () => readStatus(database(), { programs: PROGRAM_IDS, rebuilding: false, nowMs: Date.now() }),
                requestsPerMinute: 100_000,
                log: createLogger({ name: 'test', level: 'silent' }),
                metrics: createMetrics({ service: 'test', processMetrics: false }),
                readiness: () => ({ ready: true }),
                ...overrides,
            }),
        dispose: async () => {
            await home.close();
            await rm(folder, { recursive: true, force: true });
        },
    };
}
