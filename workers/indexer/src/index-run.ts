import { createBackoff, type Logger, type LoopMetrics } from '@ocm/runtime';
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
    /** A pass, unless the last one failed a moment ago. */
    pass(signal: AbortSignal): Promise<void>;
    rebuilding(): boolean;
    /** When the last complete pass ended, Unix milliseconds; 0 before the first. */
    passedAtMs(): number;
};

export function createIndexRun(deps: IndexRunDeps): IndexRun {
    const { home, chain, programs, rescanIntervalSecs, log, metrics } = deps;
    const backoff = createBackoff();
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
        passedAtMs: () => passedAtMs,
        pass: async (signal) => {
            if (!backoff.isDue('chain')) return;
            try {
                await passNow(signal);
            } catch (error) {
                backoff.failed('chain');
                throw error;
            }
            backoff.forget('chain');
            passedAtMs = Date.now();
        },
    };
}
