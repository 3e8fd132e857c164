import { errorCodeOf, errorMessageOf, isAbort } from './errors.js';
import { createLogger, type Logger } from './logger.js';
import { createMetrics, type Metrics } from './metrics.js';
import { sleep, untilAborted } from './time.js';

/** A hook that hangs must not keep the process: an orchestrator would kill it, with worse manners. */
const STOP_HOOK_TIMEOUT_MS = 10_000;

export type ServiceContext = {
    /** Aborts on SIGTERM, SIGINT, and when a supervisor that holds our IPC channel is gone. */
    signal: AbortSignal;
    log: Logger;
    metrics: Metrics;
    /** Hooks run in reverse order of registration, each at most 10 s unless it says otherwise. */
    onStop: (hook: () => unknown, timeoutMs?: number) => void;
    /** For servers: `await untilStopped()` at the end of main. */
    untilStopped: () => Promise<void>;
};
export type ServiceOptions = {
    /** Text of `--help`. */
    help?: string;
    argv?: readonly string[];
    exit?: (code: number) => void;
};

/**
 * Runs `main` to its end, then the stop hooks, then exits: 0 after success or a signal, 1 after an error, which is told
 * in one line on stderr. The service ends when `main` settles; servers end it with `await untilStopped()`.
 */
export async function runService(
    name: string,
    main: (context: ServiceContext) => Promise<void>,
    { help, argv = process.argv.slice(2), exit = process.exit }: ServiceOptions = {},
): Promise<void> {
    if (argv.includes('--help') || argv.includes('-h')) {
        process.stdout.write(`${help ?? `${name} --config FILE`}\n`);
        return exit(0);
    }
    const log = createLogger({ name });
    const controller = new AbortController();
    const hooks: StopHook[] = [];
    const stopOnSignal = watchSignals(controller, log, exit);
    const crash = watchCrashes();
    let code = 0;
    try {
        await Promise.race([
            main({
                signal: controller.signal,
                log,
                metrics: createMetrics({ service: name }),
                onStop: (hook, timeoutMs = STOP_HOOK_TIMEOUT_MS) => void hooks.push({ hook, timeoutMs }),
                untilStopped: () => untilAborted(controller.signal),
            }),
            crash.error,
        ]);
    } catch (error) {
        if (!isAbort(error, controller.signal)) {
            code = 1;
            tellFatal(name, log, error);
        }
    }
    if (!controller.signal.aborted) controller.abort();
    if (!(await runStopHooks(hooks, log))) code = 1;
    stopOnSignal();
    crash.stop();
    exit(code);
}

type StopHook = { hook: () => unknown; timeoutMs: number };

async function runStopHooks(hooks: StopHook[], log: Logger): Promise<boolean> {
    let clean = true;
    for (const { hook, timeoutMs } of hooks.reverse()) {
        const watch = new AbortController();
        try {
            await Promise.race([
                Promise.resolve().then(hook),
                sleep(timeoutMs, watch.signal).then(() => {
                    throw new Error(`stop hook took longer than ${timeoutMs} ms`);
                }),
            ]);
        } catch (error) {
            clean = false;
            log.error({ err: error }, 'a stop hook failed');
        } finally {
            watch.abort();
        }
    }
    return clean;
}

function watchSignals(controller: AbortController, log: Logger, exit: (code: number) => void): () => void {
    const onSignal = (signal: NodeJS.Signals) => {
        // The second signal means: now, whatever is open. Everything of ours survives a kill.
        if (controller.signal.aborted) return exit(1);
        log.info({ signal }, 'stopping');
        controller.abort();
    };
    // A supervisor's IPC channel is a leash: it closes however the supervisor dies, and nobody else would stop us then.
    const onLeashLost = () => onSignal('SIGTERM');
    process.on('SIGTERM', onSignal).on('SIGINT', onSignal).on('disconnect', onLeashLost);
    return () => void process.off('SIGTERM', onSignal).off('SIGINT', onSignal).off('disconnect', onLeashLost);
}

function watchCrashes(): { error: Promise<never>; stop: () => void } {
    let reject: (error: unknown) => void = () => undefined;
    const error = new Promise<never>((_, rejectPromise) => {
        reject = rejectPromise;
    });
    error.catch(() => undefined);
    const onCrash = (cause: unknown) => reject(cause);
    process.on('uncaughtException', onCrash).on('unhandledRejection', onCrash);
    return {
        error,
        stop: () => void process.off('uncaughtException', onCrash).off('unhandledRejection', onCrash),
    };
}

function tellFatal(name: string, log: Logger, error: unknown): void {
    const code = errorCodeOf(error);
    // Expected failures are one readable line; a bug needs its stack too.
    if (!code.startsWith('MKT_')) log.fatal({ err: error }, 'unexpected failure');
    else log.debug({ err: error }, 'stopped by an error');
    process.stderr.write(`${name}: ${errorMessageOf(error)} [${code}]\n`);
}
