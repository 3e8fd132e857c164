import type { Logger, LoopMetrics } from '@ocm/runtime';
import { indexOnce } from './index-once.js';
import { migrate } from './migrate.js';
import type { Chain, Database, DatabaseHome, Programs } from './ports.js';

export type IndexRunDeps = {
    home: DatabaseHome;
    chain: Chain;
    programs: Programs;
    rescanIntervalSecs: number;
    /** Fills a second database and puts it in the place of the first after its first complete pass. */
    rebuild: boolean;
    log: Logger;
    metrics: LoopMetrics;
};
export type IndexRun = {
    /** One pass; after the first of a rebuild, the new database is the one that answers. */
    pass(signal: AbortSignal): Promise<void>;
    rebuilding(): boolean;
    /** How long to wait before the next pass: longer after each that failed; 0 when the last one succeeded. */
    backoffMs(): number;
    /** When the last complete pass ended, Unix milliseconds; 0 before the first. */
    passedAtMs(): number;
};

/** An RPC that refused is left alone for a while; half of the pause is chance, so that not all come back together. */
const FIRST_BACKOFF_MS = 1_000;
const MAX_BACKOFF_MS = 30_000;
const drawPause = (mostMs: number): number => (mostMs * (1 + Math.random())) / 2;

export function createIndexRun(deps: IndexRunDeps): IndexRun {
    const { home, chain, programs, rescanIntervalSecs, log, metrics } = deps;
    let failures = 0;
    let rebuilding = deps.rebuild;
    let fresh: Database | undefined;
    let passedAtMs = 0;

    async function openTarget(): Promise<Database> {
        if (!rebuilding) return home.current();
        if (fresh !== undefined) return fresh;
        const opened = await home.openFresh();
        await migrate(opened);
        fresh = opened;
        return opened;
    }

    async function passNow(signal: AbortSignal): Promise<void> {
        const database = await openTarget();
        const summary = await indexOnce({ chain, database, programs, log, rescanIntervalSecs }, signal);
        metrics.backlog(summary.unread);
        if (summary.transactions > 0) log.info(summary, 'indexed');
        if (!rebuilding) return;
        await home.adopt();
        fresh = undefined;
        rebuilding = false;
        log.info('the rebuilt database has taken the place of the one before');
    }

    return {
        rebuilding: () => rebuilding,
        backoffMs: () =>
            failures === 0 ? 0 : drawPause(Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (failures - 1))),
        passedAtMs: () => passedAtMs,
        pass: async (signal) => {
            failures += 1;
            await passNow(signal);
            failures = 0;
            passedAtMs = Date.now();
        },
    };
}
