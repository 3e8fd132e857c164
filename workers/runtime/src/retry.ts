import { isAbort } from './errors.js';
import { sleep } from './time.js';

export type RetryOptions = {
    /** Calls in all, the first included. */
    attempts: number;
    /** Upper bound of the first pause; doubles per attempt. */
    baseMs: number;
    /** Upper bound of every pause. */
    maxMs: number;
    signal?: AbortSignal;
    /** False ends at once: a refusal does not become an acceptance by asking again. */
    shouldRetry?: (error: unknown) => boolean;
    onRetry?: (error: unknown, attempt: number, pauseMs: number) => void;
};

/**
 * Calls `run` until it succeeds, at most `attempts` times. Pauses are drawn evenly from [0, min(maxMs, baseMs·2^n)]
 * ("full jitter"), so that clients that failed together do not return together.
 * @throws the last error, or the signal's reason once it aborts.
 */
export async function retry<T>(run: (attempt: number) => Promise<T>, options: RetryOptions): Promise<T> {
    const { attempts, baseMs, maxMs, signal, shouldRetry, onRetry } = options;
    for (let attempt = 1; ; attempt += 1) {
        signal?.throwIfAborted();
        try {
            return await run(attempt);
        } catch (error) {
            if (isAbort(error, signal) || attempt >= attempts || shouldRetry?.(error) === false) throw error;
            const pauseMs = Math.random() * Math.min(maxMs, baseMs * 2 ** (attempt - 1));
            onRetry?.(error, attempt, pauseMs);
            await sleep(pauseMs, signal);
        }
    }
}
