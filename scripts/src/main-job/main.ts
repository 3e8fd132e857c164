import { rm } from 'node:fs/promises';
import { writeFileAtomic } from '@ocm/runtime';
import { fetchContract } from '@ocm/sdk';
import { deliverAndSettle, type JobDeps, type Market, openMarket, readReport } from './job.js';
import { type MainJobOptions, parseOptions } from './options.js';
import { assertPortFree } from './page.js';
import { withdrawPayouts } from './payouts.js';
import { createProgress, type Progress } from './progress.js';
import { openStateFolder } from './state-folder.js';
import { createSupervisor } from './supervisor.js';
import { verifyRun } from './verify.js';

/** How often payees look for what they are owed while the market stays up. */
const PAYOUT_INTERVAL_MS = 3_000;

async function keepPaying(market: Market, progress: Progress, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
        await new Promise((resolve) => setTimeout(resolve, PAYOUT_INTERVAL_MS));
        const contract = await fetchContract(market.gateway.connection, market.contract.address).catch(() => null);
        if (contract && !signal.aborted)
            await withdrawPayouts({ ...market, progress }, contract).catch((error: Error) =>
                progress.note(`a payout waits: ${error.message}`),
            );
    }
}

async function serve(deps: JobDeps, market: Market): Promise<void> {
    const { state, supervisor, progress, signal } = deps;
    void keepPaying(market, progress, signal);
    progress.note(`everything stays up until Ctrl-C; logs are in ${state.path('logs')}`);
    await new Promise<void>((resolve, reject) => {
        signal.addEventListener('abort', () => resolve(), { once: true });
        supervisor.failed.catch(reject);
    });
    progress.note('stopping; the same command goes on from here');
}

async function run(options: MainJobOptions, startedAtMs: number, signal: AbortSignal): Promise<string | undefined> {
    const progress = createProgress(startedAtMs);
    if (options.startPage) await assertPortFree(options.appPort);
    const state = await openStateFolder(options.stateRoot, { reset: options.reset });
    const pids: Record<string, number | undefined> = {};
    const writePids = () =>
        writeFileAtomic(state.path('processes.json'), JSON.stringify(pids, null, 2)).catch(() => undefined);
    const supervisor = createSupervisor((changed) => {
        Object.assign(pids, changed);
        void writePids();
    });
    const deps: JobDeps = {
        options,
        state,
        supervisor,
        progress,
        signal,
        onViewer: (name, pid) => {
            pids[name] = pid;
            void writePids();
        },
    };
    try {
        const job = async () => {
            const market = await openMarket(deps);
            await deliverAndSettle(deps, market);
            const report = JSON.stringify(await readReport(market, state, startedAtMs));
            if (options.verify) {
                await verifyRun(market, state);
                progress.step('ocm verify recomputed every line: all agrees');
            }
            const { contractNonce, contract } = await state.readRun();
            await state.writeRun({ contractNonce, contract, phase: 'finished' });
            if (options.once) return report;
            progress.note(report);
            await serve(deps, market);
            return undefined;
        };
        return await Promise.race([job(), supervisor.failed]);
    } finally {
        await supervisor.stopAll();
        await state.release();
        await rm(state.path('processes.json'), { force: true });
    }
}

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => stop.abort(new Error(`stopped by ${signal}`)));
try {
    const options = parseOptions(process.argv.slice(2), process.env);
    const report = await run(options, Number(process.env.OCM_STARTED_AT_MS) || Date.now(), stop.signal);
    if (report) process.stdout.write(`${report}\n`);
    process.exit(0);
} catch (error) {
    process.stderr.write(`\nnpm start: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
}
