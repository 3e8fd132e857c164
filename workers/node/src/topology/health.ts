import { STATUS_PATH } from '@ocm/sdk/http';
import ipaddr from 'ipaddr.js';
import { Agent, request } from 'undici';
import type { HealthPort, NodeLog } from '../ports.js';

/** A flapping peer must neither be dropped by one lost answer nor come back by one lucky one. */
const DOWN_AFTER_FAILURES = 3;
const UP_AFTER_SUCCESSES = 2;
const STATUS_LIMIT_BYTES = 16 * 1024;

export interface Peer {
    node: string;
    host: string;
    port: number;
}
export interface HealthOptions {
    /** Peers to watch, asked anew before each round. */
    peers: () => readonly Peer[];
    /** Test clusters only: private and loopback addresses may be asked. */
    allowsPrivate: () => boolean;
    intervalMs: number;
    timeoutMs: number;
    log: NodeLog;
}
type Answer = 'up' | 'down' | 'leaving';
interface Observation {
    isUp: boolean;
    /** Answers in a row that contradict `isUp`. */
    contrary: number;
}

/** Polls the status path of peers. The first answer decides at once; later changes need a few in a row. */
export class HealthMonitor implements HealthPort {
    readonly #options: HealthOptions;
    readonly #observations = new Map<string, Observation>();
    readonly #agent: Agent;
    readonly #stop = new AbortController();
    readonly #loop: Promise<void>;
    /** Resolves when each peer known at the start has answered or timed out once: before, a router knows of no RELAY. */
    readonly firstRound: Promise<void>;

    constructor(options: HealthOptions) {
        this.#options = options;
        this.#agent = new Agent({ connections: 2, connect: { timeout: options.timeoutMs } });
        this.firstRound = this.probe();
        this.#loop = this.#run();
    }

    isHealthy(node: string): boolean {
        return this.#observations.get(node)?.isUp ?? false;
    }

    /** One round over all peers. */
    async probe(): Promise<void> {
        const peers = this.#options.peers();
        const known = new Set(peers.map(({ node }) => node));
        for (const node of this.#observations.keys()) if (!known.has(node)) this.#observations.delete(node);
        await Promise.all(peers.map(async (peer) => this.#observe(peer.node, await this.#ask(peer))));
    }

    async close(): Promise<void> {
        this.#stop.abort();
        await this.#agent.destroy();
        await this.#loop;
    }

    async #run(): Promise<void> {
        await this.firstRound;
        while (!this.#stop.signal.aborted) {
            await this.#pause();
            if (!this.#stop.signal.aborted) await this.probe();
        }
    }

    #pause(): Promise<void> {
        return new Promise<void>((resolve) => {
            const done = (): void => {
                clearTimeout(timer);
                this.#stop.signal.removeEventListener('abort', done);
                resolve();
            };
            const timer = setTimeout(done, this.#options.intervalMs);
            this.#stop.signal.addEventListener('abort', done);
        });
    }

    #observe(node: string, answer: Answer): void {
        const isUp = answer === 'up';
        const seen = this.#observations.get(node);
        // A peer that says that it leaves is believed at once.
        if (seen === undefined || (answer === 'leaving' && seen.isUp)) {
            this.#observations.set(node, { isUp, contrary: 0 });
            return;
        }
        seen.contrary = isUp === seen.isUp ? 0 : seen.contrary + 1;
        if (seen.contrary < (isUp ? UP_AFTER_SUCCESSES : DOWN_AFTER_FAILURES)) return;
        this.#observations.set(node, { isUp, contrary: 0 });
        this.#options.log.info({ peer: node, isUp }, 'peer health changed');
    }

    async #ask({ node, host, port }: Peer): Promise<Answer> {
        if (!this.#mayAsk(host)) return 'down';
        try {
            const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}${STATUS_PATH}`;
            const { statusCode, body } = await request(url, {
                dispatcher: this.#agent,
                signal: AbortSignal.any([this.#stop.signal, AbortSignal.timeout(this.#options.timeoutMs)]),
            });
            const text = await readLimited(body);
            const status: unknown = JSON.parse(text);
            const answered =
                typeof status === 'object' && status !== null && 'node' in status ? status.node : undefined;
            // Another node at that address is not this node: a stale endpoint must not get its viewers.
            if (statusCode !== 200 || answered !== node) return 'down';
            return (status as { isDraining?: unknown }).isDraining === true ? 'leaving' : 'up';
        } catch {
            return 'down';
        }
    }

    /** Endpoints come from a public chain: without this anyone could point our requests into our own network (SSRF). */
    #mayAsk(host: string): boolean {
        if (!ipaddr.isValid(host)) return false;
        return this.#options.allowsPrivate() || ipaddr.process(host).range() === 'unicast';
    }
}

async function readLimited(body: AsyncIterable<Buffer> & { destroy(): unknown }): Promise<string> {
    const chunks: Buffer[] = [];
    let received = 0;
    for await (const chunk of body) {
        received += chunk.length;
        if (received > STATUS_LIMIT_BYTES) {
            body.destroy();
            throw new Error('status too large');
        }
        chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
}
