import {
    createChainGateway,
    describeConfig,
    errorCodeOf,
    every,
    type Logger,
    listen,
    loadConfig,
    lockDataDir,
    redactUrl,
    runService,
    type ServiceContext,
    sleep,
} from '@ocm/runtime';
import { PROGRAM_IDS } from '@ocm/sdk';
import { createChain } from './adapters/chain.js';
import { openLibsqlHome } from './adapters/libsql-home.js';
import { createHints } from './adapters/log-hints.js';
import { createApp } from './app.js';
import { type IndexerConfig, indexerConfig } from './config.js';
import { createIndexRun } from './index-run.js';
import { migrate } from './migrate.js';
import type { DatabaseHome } from './ports.js';
import { readStatus } from './query-status.js';

const help = `ocm-indexer --config FILE [--rebuild]

Reads accounts and events of the programs into a database and answers questions about them over HTTP (/openapi.json).
--rebuild reads everything anew into a second database, which then takes the place of the first; that one answers meanwhile.

Config (JSON; each field also from the environment):
${describeConfig(indexerConfig)}`;

/** Without a complete pass for this long, answers are old. */
const STALE_AFTER_MS = 60_000;

await runService('ocm-indexer', main, { help });

/** PostgreSQL's client is loaded where it is wanted only. */
async function openHome({ dataDir, databaseUrl }: IndexerConfig, rebuild: boolean, log: Logger): Promise<DatabaseHome> {
    if (databaseUrl === undefined) return openLibsqlHome(dataDir, { discardUnreadable: rebuild });
    const { openPostgresHome } = await import('./adapters/postgres-home.js');
    return openPostgresHome(databaseUrl, log);
}

/** A database that cannot be brought up to date is replaced where a rebuild is asked for. */
async function prepare(home: DatabaseHome, rebuild: boolean, log: Logger): Promise<void> {
    try {
        await migrate(home.current());
    } catch (error) {
        if (!rebuild) throw error;
        log.warn({ code: errorCodeOf(error) }, 'the database that stands is of no use until it is rebuilt');
    }
}

/** Opens the database and what reads into it; both are closed in reverse order. */
async function openRun({ signal, log, metrics, onStop }: ServiceContext, config: IndexerConfig) {
    const { rpcUrl, wsUrl, rescanIntervalSecs } = config;
    const rebuild = process.argv.includes('--rebuild');
    onStop(await lockDataDir(config.dataDir));
    const home = await openHome(config, rebuild, log);
    onStop(() => home.close());
    await prepare(home, rebuild, log);
    const gateway = createChainGateway({ rpcUrl, log, ...(wsUrl === undefined ? {} : { wsUrl }) });
    onStop(() => gateway.close());
    const chain = createChain(gateway.connection, signal);
    const deps = { home, chain, programs: PROGRAM_IDS, rescanIntervalSecs, rebuild, log };
    const run = createIndexRun({ ...deps, metrics: metrics.loop('index') });
    return { home, run, connection: wsUrl === undefined ? null : gateway.connection };
}

async function main(context: ServiceContext): Promise<void> {
    const { signal, log, metrics, onStop, untilStopped } = context;
    const config = loadConfig(indexerConfig, { argv: process.argv.slice(2), env: process.env });
    const { home, run, connection } = await openRun(context, config);
    const database = () => home.current();
    const server = await createApp({
        database,
        status: () =>
            readStatus(database(), { programs: PROGRAM_IDS, rebuilding: run.rebuilding(), nowMs: Date.now() }),
        requestsPerMinute: config.requestsPerMinute,
        log,
        metrics,
        readiness: () =>
            Date.now() - run.passedAtMs() < STALE_AFTER_MS
                ? { ready: true }
                : { ready: false, reason: `no complete pass over the programs at ${redactUrl(config.rpcUrl)} lately` },
    });
    const { url } = await listen({ server, ...config.listen });
    onStop(() => server.close());
    log.info({ url, rebuilding: run.rebuilding(), database: database().dialect }, 'indexer ready');

    const hints = createHints(connection, Object.values(PROGRAM_IDS));
    onStop(() => hints.close());
    const loop = { name: 'index', intervalMs: config.pollIntervalMs, signal, log, metrics };
    const pause = (ms: number) => {
        const backoffMs = run.backoffMs();
        return backoffMs === 0 ? hints.wait(ms, signal) : sleep(Math.max(ms, backoffMs), signal);
    };
    const indexing = every({ ...loop, run: run.pass, pause });
    onStop(() => indexing);
    await untilStopped();
}
