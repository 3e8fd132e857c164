import type { CacheJob, PrepositionRequest, PurgeRequest } from '@ocm/sdk/http';
import type { PurgeRule } from './rules.js';

/** What purging and prepositioning need of the cache. */
export interface CachePort {
    enforce(rule: PurgeRule): void;
    sweep(rule: PurgeRule, method: 'delete' | 'invalidate', onProgress: (purged: number) => void): Promise<number>;
    /** No later request may join a fetch of what matches: it began before the purge. */
    leaveFlights(matches: (pathAndQuery: string) => boolean): void;
    /** Fetches one object through the cache. @returns the status; rejects if the parent fails */
    prefetch(pathAndQuery: string, signal: AbortSignal): Promise<number>;
}

/** A job as it is written to disk. */
export interface StoredJob extends CacheJob {
    request: PurgeRequest | PrepositionRequest;
}
