import type { NodeStatus } from '@ocm/sdk/http';
import type { ObjectCache } from '../cache/object-cache.js';
import type { NodeConfig } from '../config.js';
import type { EpochStore } from '../log/epoch-store.js';
import type { TopologyPort } from '../ports.js';

export interface StatusOptions {
    config: NodeConfig;
    cache: ObjectCache;
    store: EpochStore;
    topology: TopologyPort;
    startedAtMs: number;
    /** Redirects that a router sent; 0 for other roles. */
    redirects: () => number;
}

/** What a node tells of itself to anyone: totals only, nothing of a viewer. */
export class StatusReporter {
    readonly #options: StatusOptions;

    constructor(options: StatusOptions) {
        this.#options = options;
    }

    /** The chain was read at least once, now or in an earlier life, and the log can be written. */
    isReady(): boolean {
        const { topology, store } = this.#options;
        return topology.current() !== null && store.storageProblem === null;
    }

    read(): NodeStatus {
        const { config, cache, store, startedAtMs, redirects } = this.#options;
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
        };
    }

    /** Prometheus text format. */
    metrics(): string {
        const { cache, requests, servedBytes, receiptedBytes, parentFetches, openSessions } = this.read();
        const view = this.#options.topology.current();
        const rows: [string, 'counter' | 'gauge', string | number][] = [
            ['ocm_node_requests_total', 'counter', requests],
            ['ocm_node_served_bytes_total', 'counter', servedBytes],
            ['ocm_node_receipted_bytes_total', 'counter', receiptedBytes],
            ['ocm_node_cache_hits_total', 'counter', cache.hits],
            ['ocm_node_cache_misses_total', 'counter', cache.misses],
            ['ocm_node_cache_collapsed_total', 'counter', cache.collapsed],
            ['ocm_node_cache_objects', 'gauge', cache.objects],
            ['ocm_node_cache_memory_bytes', 'gauge', cache.bytes],
            ['ocm_node_parent_fetches_total', 'counter', parentFetches],
            ['ocm_node_open_sessions', 'gauge', openSessions],
            ['ocm_node_log_writable', 'gauge', this.#options.store.storageProblem === null ? 1 : 0],
            ['ocm_node_chain_read_timestamp_seconds', 'gauge', Math.floor((view?.readAtMs ?? 0) / 1000)],
        ];
        return rows.map(([name, type, value]) => `# TYPE ${name} ${type}\n${name} ${value}\n`).join('');
    }
}
