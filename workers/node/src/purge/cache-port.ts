import type { CacheAnswer, CacheRequest } from '../cache/object-cache.js';
import type { CachePort } from './ports.js';
import type { PurgeableStorage } from './purgeable-storage.js';

export interface CachePortOptions {
    storage: Pick<PurgeableStorage, 'enforce' | 'sweep'>;
    lookup: (request: CacheRequest) => Promise<CacheAnswer>;
    leaveFlights: CachePort['leaveFlights'];
}

/** What a preposition asks for: the variant of who accepts no encoding; others come with the first who ask for them. */
const HEADERS = { 'accept-encoding': 'identity' };

export function cachePortOf({ storage, lookup, leaveFlights }: CachePortOptions): CachePort {
    return {
        enforce: (rule) => storage.enforce(rule),
        sweep: (rule, method, onProgress) => storage.sweep(rule, method, onProgress),
        leaveFlights,
        async prefetch(pathAndQuery, signal) {
            const { status, body } = await lookup({ method: 'GET', pathAndQuery, headers: HEADERS });
            if (Buffer.isBuffer(body)) return status;
            const reader = body.read();
            const stop = (): void => void reader.return?.();
            signal.addEventListener('abort', stop, { once: true });
            try {
                for await (const _ of reader) signal.throwIfAborted();
                signal.throwIfAborted();
            } finally {
                signal.removeEventListener('abort', stop);
                await reader.return?.();
            }
            return status;
        },
    };
}
