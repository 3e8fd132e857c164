import type { Server } from 'node:http';
import { listen } from '@ocm/runtime';
import type { HttpLimits } from '../http/limits.js';
import { HTTP_LIMITS } from '../http/limits.js';
import type { HttpMeter } from '../http/meter.js';
import { PeerLimits } from '../http/peer-limits.js';
import type { RepeatedRequests } from '../http/repeats.js';
import { countHttp2, createNodeServer, drain } from '../http/server.js';
import type { Certificates } from '../http/tls.js';

type Front = Parameters<typeof createNodeServer>[0];
export interface ListenersOptions {
    limits: Partial<HttpLimits>;
    meter: HttpMeter;
}

/** The listeners of one node: opened one by one, drained together. */
export class Listeners {
    readonly #options: ListenersOptions;
    readonly #peers: PeerLimits;
    readonly #servers: Server[] = [];

    constructor(options: ListenersOptions) {
        this.#options = options;
        this.#peers = new PeerLimits({ ...HTTP_LIMITS, ...options.limits });
    }

    /**
     * @param repeats of a listener without TLS whose answers nobody counts one by one
     * @returns base URL
     */
    async open(
        front: Front,
        address: { host: string; port: number },
        tls?: Certificates,
        repeats: RepeatedRequests | null = null,
    ): Promise<string> {
        const { limits, meter } = this.#options;
        const server = createNodeServer(front, limits, {
            peers: this.#peers,
            meter,
            ...(tls === undefined ? {} : { tls }),
        });
        repeats?.attach(server);
        const { url } = await listen({ server, host: address.host, port: address.port });
        this.#servers.push(server);
        return tls === undefined ? url : url.replace(/^http:/, 'https:');
    }

    get http2Connections(): number {
        return this.#servers.reduce((sum, server) => sum + countHttp2(server), 0);
    }

    async connections(): Promise<number> {
        const counts = this.#servers.map(
            (server) =>
                new Promise<number>((resolve) => server.getConnections((error, count) => resolve(error ? 0 : count))),
        );
        return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
    }

    async drain(graceMs: number): Promise<void> {
        await Promise.all(this.#servers.map((server) => drain(server, graceMs)));
    }
}
