import { retry as retryAttempts } from '@ocm/runtime';
import { isMarketplaceError } from '@ocm/sdk/core';

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 2_000;

/** Refusals that pass by themselves: a node sees the chain, and the clock of the cluster, a little later than others do. */
const PASSING_REFUSALS: ReadonlySet<unknown> = new Set([
    'MKT_NODE__CONTRACT_UNKNOWN',
    'MKT_NODE__TOKEN_NOT_YET_VALID',
    'MKT_PROVIDER__NODE_UNKNOWN',
]);

/** What may be over in a moment: the peer restarts, is overloaded, or lost its own upstream. */
export function isTransient(error: unknown): boolean {
    if (isMarketplaceError(error, 'MKT_VIEWER__PEER_UNREACHABLE')) return true;
    const status = statusOf(error);
    if (status === undefined || !isMarketplaceError(error)) return false;
    return status >= 500 || status === 429 || status === 408 || PASSING_REFUSALS.has(error.context.peerCode);
}

/** HTTP status of a refusal, else undefined. */
export function statusOf(error: unknown): number | undefined {
    if (!isMarketplaceError(error, 'MKT_VIEWER__PEER_REFUSED')) return undefined;
    const { status } = error.context as { status?: unknown };
    return typeof status === 'number' ? status : undefined;
}

export type RetryUntil = { forMs: number; signal: AbortSignal; onRetry?: (error: unknown) => void };

/** Repeats `run` with jittered pauses while its failures are transient and `forMs` have not passed. */
export function retryTransient<T>(run: () => Promise<T>, { forMs, signal, onRetry }: RetryUntil): Promise<T> {
    const deadline = performance.now() + forMs;
    return retryAttempts(run, {
        attempts: Number.POSITIVE_INFINITY,
        baseMs: FIRST_PAUSE_MS,
        maxMs: LONGEST_PAUSE_MS,
        signal,
        shouldRetry: (error) => isTransient(error) && performance.now() < deadline,
        ...(onRetry === undefined ? {} : { onRetry }),
    });
}
