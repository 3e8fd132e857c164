import type { NodeStatus } from '@ocm/sdk/http';
import type { ObjectCache } from '../cache/object-cache.js';
import type { NodeConfig } from '../config.js';
import type { EpochStore } from '../log/epoch-store.js';

export interface StatusOptions {
    config: NodeConfig;
    cache: ObjectCache;
    store: EpochStore;
    isDraining: () => boolean;
    /** Of the certificate that ends first; null without TLS. */
    certificateDaysLeft: () => number | null;
    startedAtMs: number;
    /** Redirects that a router sent; 0 for other roles. */
    redirects: () => number;
}

/** What a node tells of itself to anyone: totals only, nothing of a viewer. */
export class StatusReporter {
    readonly #options: StatusOptions;
    #askedAtMs = Number.NEGATIVE_INFINITY;

    constructor(options: StatusOptions) {
        this.#options = options;
    }

    /** For whoever asks over HTTP, which is what a router does. */
    tell(): NodeStatus {
        this.#askedAtMs = performance.now();
        return this.read();
    }

    /** When somebody last asked, by `performance.now()`. */
    get askedAtMs(): number {
        return this.#askedAtMs;
    }

    read(): NodeStatus {
        const { config, cache, store, startedAtMs, redirects, isDraining } = this.#options;
        const certificateDaysLeft = this.#options.certificateDaysLeft();
        const { requests, servedBytes, receiptedBytes } = store.totals();
        const { hits, misses, collapsed, parentFetches } = cache.counters;
        return {
            node: config.node,
            role: config.role,
            ...(config.location === undefined ? {} : { location: config.location }),
            startedAtMs,
            requests: requests + redirects(),
            servedBytes: servedBytes.toString(),
            receiptedBytes: receiptedBytes.toString(),
            cache: { hits, misses, collapsed, objects: cache.store.objects, bytes: cache.store.memoryBytes },
            parentFetches,
            openSessions: store.openSessions,
            isDraining: isDraining(),
            ...(certificateDaysLeft === null ? {} : { certificateDaysLeft }),
        };
    }
}
