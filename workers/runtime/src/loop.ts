import { schedule, validate } from 'node-cron';
import { errorCodeOf, isAbort } from './errors.js';
import type { Metrics } from './metrics.js';
import { sleep, untilAborted } from './time.js';

/** What a loop tells; the logger of a process is one. */
export type LoopLog = {
    debug(fields: object, message: string): void;
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
};

export type LoopOptions = {
    name: string;
    /** One pass; must be idempotent and may be cut short by the signal. */
    run: (signal: AbortSignal) => Promise<unknown>;
    signal: AbortSignal;
    log: LoopLog;
    metrics?: Metrics;
    /** Waits between passes in place of a timer; may return sooner. */
    pause?: (ms: number) => Promise<void>;
} & (
    | { /** Pause between the end of a pass and the next; for seconds-sized work. */ intervalMs: number; cron?: never }
    | { /** Five or six fields, UTC; for work bound to minutes. */ cron: string; intervalMs?: never }
);

/** Whether `cron` of a loop would take it. */
export function isCronExpression(expression: string): boolean {
    return validate(expression);
}

/**
 * Runs passes one at a time until the signal aborts; resolves when the last one has ended. A failed pass is logged and
 * counted, and the next one comes as planned: one bad moment of the network must not end a worker.
 */
export async function every(options: LoopOptions): Promise<void> {
    const { name, run, signal, log } = options;
    const metrics = options.metrics?.loop(name);
    let failures = 0;
    let lastCode = '';
    const pass = async () => {
        const startedAt = performance.now();
        try {
            await run(signal);
            metrics?.succeeded((performance.now() - startedAt) / 1000);
            if (failures > 0) log.info({ loop: name, failures }, 'passes succeed again');
            failures = 0;
            lastCode = '';
        } catch (error) {
            if (isAbort(error, signal) || signal.aborted) return;
            const code = errorCodeOf(error);
            failures += 1;
            metrics?.failed(code);
            // An outage is told when it begins and when it ends, not once a second.
            const level = code === lastCode ? 'debug' : 'warn';
            lastCode = code;
            log[level]({ loop: name, code, err: error }, 'pass failed, the next one follows as planned');
        }
    };
    if (options.cron !== undefined) return runByCron(options.cron, name, pass, signal, log);
    const pause = options.pause ?? ((ms: number) => sleep(ms, signal));
    while (!signal.aborted) {
        await pass();
        await pause(options.intervalMs).catch(() => undefined);
    }
}

/** Whether {@link every} takes it as `cron`: for config schemas, so that a mistake is told at the start. */
export const isCron = (expression: string): boolean => validate(expression);

async function runByCron(
    expression: string,
    name: string,
    pass: () => Promise<void>,
    signal: AbortSignal,
    log: LoopLog,
): Promise<void> {
    let running: Promise<void> = Promise.resolve();
    const task = schedule(
        expression,
        () => {
            running = pass();
            return running;
        },
        { name, noOverlap: true, timezone: 'Etc/UTC', logger: cronLogger(log) },
    );
    await untilAborted(signal);
    await task.destroy();
    await running;
}

/** The scheduler's own remarks (a tick skipped because the last pass still runs) are for whoever debugs. */
function cronLogger(log: LoopLog) {
    const debug = (remark: unknown) => log.debug({ remark: String(remark) }, 'scheduler');
    return { info: debug, warn: debug, error: debug, debug };
}
