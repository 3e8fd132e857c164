import { join } from 'node:path';
import { every } from '@ocm/runtime';
import type { NodeConfig } from '../config.js';
import { isDelivery, type RequestEntry } from '../log/entries.js';
import type { EpochName, EpochStore } from '../log/epoch-store.js';
import type { Clock, NodeLog, TopologyPort } from '../ports.js';
import { attributeUnkeyed } from '../roles/attribution.js';
import { type Delivered, parseAccessLine } from './access-line.js';
import { LogTail, type TailBatch } from './log-tail.js';
import { accessLogPathOf } from './proxy-config.js';

export interface LogAdapterOptions {
    config: NodeConfig;
    store: EpochStore;
    topology: TopologyPort;
    now: Clock;
    log: NodeLog;
}
/** A clock of the proxy that is wrong must not date records into epochs to come. */
const MAX_AHEAD_MS = 5_000;

/** Turns what a proxy has delivered into records of the node's journal, as the node's own byte path would have. */
export class LogAdapter {
    readonly #options: LogAdapterOptions;
    readonly #tail: LogTail;
    readonly #contentUrl: string;
    #running: Promise<void> | null = null;

    constructor(options: LogAdapterOptions, tail: LogTail) {
        this.#options = options;
        this.#tail = tail;
        const { traditionalUrl, parentUrl } = options.config;
        this.#contentUrl = (traditionalUrl ?? parentUrl).replace(/\/+$/, '');
    }

    /** Takes all lines that are there. */
    pass(): Promise<void> {
        this.#running ??= this.#takeAll().finally(() => {
            this.#running = null;
        });
        return this.#running;
    }

    /** Takes all lines that are there now: a pass that runs may have looked already. */
    async catchUp(): Promise<void> {
        await this.#running?.catch(() => undefined);
        await this.pass().catch(() => undefined);
    }

    async #takeAll(): Promise<void> {
        for (let batch = await this.#tail.next(); batch !== null; batch = await this.#tail.next()) {
            await this.#take(batch);
        }
    }

    async #take({ lines, oversized, wasTruncated }: TailBatch): Promise<void> {
        const { log } = this.#options;
        const delivered = lines.map(parseAccessLine);
        const unread = delivered.filter((item) => item === null).length + oversized;
        if (unread > 0) log.warn({ lines: unread }, 'lines of the proxy could not be read');
        if (wasTruncated) log.error({}, 'the access log was cut short while it was read: rotate it by renaming');
        await Promise.all(delivered.map((item) => (item === null ? undefined : this.#record(item))));
    }

    async #record(delivered: Delivered): Promise<void> {
        const { store, now, log } = this.#options;
        const { path, session: hash, ...facts } = delivered;
        const found = hash === null ? undefined : store.findSession(hash);
        if (hash !== null && found === undefined) {
            log.warn({ session: hash }, 'response of a session that is over or unknown');
            return;
        }
        const endedAtMs = Math.min(facts.endedAtMs, now() + MAX_AHEAD_MS);
        const uri = `${this.#contentUrl}${path}`;
        const entry: RequestEntry = { ...facts, type: 'request', session: hash, endedAtMs, uri };
        // Before the record is on disk: the next request is judged by it.
        if (isDelivery(entry)) found?.session.hand(entry.entityBytes);
        await store.addRequest(this.#epochOf(found?.journal.meta, endedAtMs), entry);
    }

    #epochOf(meta: EpochName | undefined, endedAtMs: number): EpochName {
        const { topology, config } = this.#options;
        return meta ?? attributeUnkeyed(topology.current(), config.node, endedAtMs);
    }
}

export interface RunningAdapter {
    catchUp(): Promise<void>;
    /** Takes the last lines. */
    stop(): Promise<void>;
}

/** Follows the proxy's access log. Null without a proxy. */
export async function startLogAdapter(options: LogAdapterOptions): Promise<RunningAdapter | null> {
    const { config, log } = options;
    if (config.proxy === undefined) return null;
    const positionPath = join(config.dataDir, 'proxy-log.json');
    const tail = new LogTail({ path: accessLogPathOf(config.proxy), positionPath });
    await tail.open();
    const adapter = new LogAdapter(options, tail);
    const stop = new AbortController();
    const loop = every({
        name: 'proxy log',
        intervalMs: config.proxy.pollIntervalMs,
        run: () => adapter.pass(),
        log,
        signal: stop.signal,
    });
    return {
        catchUp: () => adapter.catchUp(),
        async stop() {
            stop.abort();
            await loop;
            await adapter
                .pass()
                .catch((error: unknown) => log.warn({ err: error }, 'last lines of the proxy not taken'));
            await tail.close();
        },
    };
}
