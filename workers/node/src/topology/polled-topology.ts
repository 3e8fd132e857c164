import type { NodeLog, TopologyPort } from '../ports.js';
import { loadView, saveView } from './stored-view.js';
import type { TopologyView } from './view.js';

export interface PolledTopologyOptions {
    /** One complete read of the chain; throws if any part of it fails. */
    read: () => Promise<TopologyView>;
    findContract?: TopologyPort['findContract'];
    findBeacon?: TopologyPort['findBeacon'];
    dataDir: string;
    intervalMs: number;
    log: NodeLog;
}

/** Keeps the last good view: while RPC is down the node goes on with what it knew, also across a restart. */
export class PolledTopology implements TopologyPort {
    readonly findContract: TopologyPort['findContract'];
    readonly findBeacon: TopologyPort['findBeacon'];
    readonly #options: PolledTopologyOptions;
    readonly #stop = new AbortController();
    #view: TopologyView | null;
    #loop: Promise<void> = Promise.resolve();
    #isFailing = false;

    private constructor(options: PolledTopologyOptions, view: TopologyView | null) {
        this.#options = options;
        this.findContract = options.findContract;
        this.findBeacon = options.findBeacon;
        this.#view = view;
    }

    /** Starts polling; waits for the first read only if no earlier view is stored. */
    static async start(options: PolledTopologyOptions): Promise<PolledTopology> {
        const topology = new PolledTopology(options, await loadView(options.dataDir, options.log));
        const first = topology.refresh();
        if (topology.#view === null) await first;
        topology.#loop = first.then(() => topology.#run());
        return topology;
    }

    current(): TopologyView | null {
        return this.#view;
    }

    /** One read; a failure is logged once and changes nothing. */
    async refresh(): Promise<void> {
        try {
            const view = await this.#options.read();
            const isNew = describe(view) !== describe(this.#view);
            // The same object as before while nothing changed: what is derived from a view is kept by identity.
            this.#view = isNew || this.#view === null ? view : Object.assign(this.#view, { readAtMs: view.readAtMs });
            if (isNew) await saveView(this.#options.dataDir, view);
            if (this.#isFailing) this.#options.log.info({}, 'chain is readable again');
            this.#isFailing = false;
        } catch (error) {
            if (this.#stop.signal.aborted) return;
            const level = this.#isFailing ? 'debug' : 'warn';
            this.#options.log[level]({ err: error }, 'chain not readable, going on with what is known');
            this.#isFailing = true;
        }
    }

    async close(): Promise<void> {
        this.#stop.abort();
        // A read under way has its own timeout; nothing depends on its end.
        await Promise.race([this.#loop, new Promise((resolve) => setTimeout(resolve, 1_000).unref())]);
    }

    async #run(): Promise<void> {
        while (!this.#stop.signal.aborted) {
            await this.#pause();
            if (!this.#stop.signal.aborted) await this.refresh();
        }
    }

    #pause(): Promise<void> {
        return new Promise((resolve) => {
            const done = (): void => {
                clearTimeout(timer);
                this.#stop.signal.removeEventListener('abort', done);
                resolve();
            };
            const timer = setTimeout(done, this.#options.intervalMs);
            this.#stop.signal.addEventListener('abort', done);
        });
    }
}

/** Comparable text of a view without the moment of its reading. */
const describe = (view: TopologyView | null): string =>
    JSON.stringify(view, (key, value) => (key === 'readAtMs' ? 0 : value));
