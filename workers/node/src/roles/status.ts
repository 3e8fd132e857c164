import type { NodeStatus, RoutingStatus } from '@ocm/sdk/http';
import type { ObjectCache } from '../cache/object-cache.js';
import type { NodeConfig } from '../config.js';
import type { EpochStore } from '../log/epoch-store.js';
import type { ProtocolClock } from '../ports.js';

export interface StatusOptions {
    config: NodeConfig;
    cache: ObjectCache;
    store: EpochStore;
    clock: ProtocolClock;
    /** Of the certificate that ends first; null without TLS. */
    certificateDaysLeft: () => number | null;
    startedAtMs: number;
    /** Why no viewer should be sent here now; null while they may. */
    pauseReason: () => string | null;
    /** Redirects that a router sent; 0 for other roles. */
    redirects: () => number;
}

/** What a node tells of itself to anyone: totals only, nothing of a viewer. */
export class StatusReporter {
    readonly #options: StatusOptions;
    #routing: (() => RoutingStatus) | null = null;

    constructor(options: StatusOptions) {
        this.#options = options;
    }

    /** Of a CAST, whose router is built after this. */
    tellRouting(routing: () => RoutingStatus): void {
        this.#routing = routing;
    }

    read(): NodeStatus {
        const { config, cache, store, clock, startedAtMs, redirects, pauseReason } = this.#options;
        const reason = pauseReason();
        const certificateDaysLeft = this.#options.certificateDaysLeft();
        const { requests, servedBytes, receiptedBytes } = store.totals();
        const { hits, misses, collapsed, parentFetches } = cache.counters;
        const { objects, memoryBytes } = cache.store.storage.counts();
        return {
            node: config.node,
            role: config.role,
            ...(config.location === undefined ? {} : { location: config.location }),
            startedAtMs,
            requests: requests + redirects(),
            servedBytes: servedBytes.toString(),
            receiptedBytes: receiptedBytes.toString(),
            cache: { hits, misses, collapsed, objects, bytes: memoryBytes },
            parentFetches,
            openSessions: store.openSessions,
            availability: { acceptsViewers: reason === null, reason },
            clusterClock: clock.state(),
            ...(certificateDaysLeft === null ? {} : { certificateDaysLeft }),
            ...(this.#routing === null ? {} : { routing: this.#routing() }),
        };
    }
}
