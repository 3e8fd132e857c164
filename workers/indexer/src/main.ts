import {
    createBackoff,
    createChainGateway,
    describeConfig,
    errorCodeOf,
    every,
    listen,
    loadConfig,
    lockDataDir,
    redactUrl,
    runService,
    type ServiceContext,
} from '@ocm/runtime';
import { PROGRAM_IDS } from '@ocm/sdk';
import { createChain } from './adapters/chain.js';
import { openLibsqlHome } from './adapters/libsql-home.js';
import { createHints } from './adapters/log-hints.js';
import { openPostgresHome } from './adapters/postgres-home.js';
import { createApp } from './app.js';
import { indexerConfig } from './config.js';
import { indexOnce } from './index-once.js';
import { migrate } from './migrate.js';
import { readStatus } from './query-status.js';

const help = `ocm-indexer --config FILE [--rebuild]

Reads accounts and events of the programs into a database and answers questions about them over HTTP (/openapi.json).
--rebuild reads everything anew into a second database, which then takes the place of the first; that one answers meanwhile.

Config (JSON; each field also from the environment):
${describeConfig(indexerConfig)}`;

/** Without a complete pass for this long, answers are old. */
const STALE_AFTER_MS = 60_000;

await runService('ocm-indexer', main, { help });

async function main({ signal, log, metrics, onStop, untilStopped }: ServiceContext): Promise<void> {
    const config = loadConfig(indexerConfig, { argv: process.argv.slice(2), env: process.env });
    let rebuilding = process.argv.includes('--rebuild');
    const { rpcUrl, wsUrl, dataDir, databaseUrl } = config;
    onStop(await lockDataDir(dataDir));
    const home =
        databaseUrl === undefined
            ? openLibsqlHome(dataDir, { discardUnreadable: rebuilding })
            : await openPostgresHome(databaseUrl, log);
    onStop(() => home.close());
    await migrate(home.current()).catch((error: unknown) => {
        if (!rebuilding) throw error;
        log.warn({ code: errorCodeOf(error) }, 'the database that stands is of no use until it is rebuilt');
    });
    const gateway = createChainGateway({ rpcUrl, log, ...(wsUrl === undefined ? {} : { wsUrl }) });
    onStop(() => gateway.close());
    const chain = createChain(gateway.connection, signal);

    const status = () => readStatus(home.current(), { programs: PROGRAM_IDS, rebuilding, nowMs: Date.now() });
    let passedAtMs = 0;
    const server = await createApp({
        database: () => home.current(),
        status,
        requestsPerMinute: config.requestsPerMinute,
        log,
        metrics,
        readiness: () =>
            Date.now() - passedAtMs < STALE_AFTER_MS
                ? { ready: true }
                : { ready: false, reason: `no complete pass over the programs at ${redactUrl(rpcUrl)} lately` },
    });
    const { url } = await listen({ server, ...config.listen });
    onStop(() => server.close());
    log.info({ url, rebuilding, database: home.current().dialect }, 'indexer ready');

    const hints = createHints(wsUrl === undefined ? null : gateway.connection, Object.values(PROGRAM_IDS));
    onStop(() => hints.close());
    let fresh = rebuilding ? await home.openFresh() : undefined;
    if (fresh !== undefined) await migrate(fresh);
    const backoff = createBackoff();
    const pass = async () => {
        if (!backoff.isDue('chain')) return;
        const database = fresh ?? home.current();
        const { rescanIntervalSecs } = config;
        try {
            const summary = await indexOnce(
                { chain, database, programs: PROGRAM_IDS, log, rescanIntervalSecs },
                signal,
            );
            metrics.loop('index').backlog(summary.unread);
            if (summary.transactions > 0) log.info(summary, 'indexed');
        } catch (error) {
            backoff.failed('chain');
            throw error;
        }
        backoff.forget('chain');
        passedAtMs = Date.now();
        if (fresh === undefined) return;
        await home.adopt();
        fresh = undefined;
        rebuilding = false;
        log.info('the rebuilt database has taken the place of the one before');
    };
    const indexing = every({
        name: 'index',
        run: pass,
        intervalMs: config.pollIntervalMs,
        pause: (ms) => hints.wait(ms, signal),
        signal,
        log,
        metrics,
    });
    onStop(() => indexing);
    await untilStopped();
}
