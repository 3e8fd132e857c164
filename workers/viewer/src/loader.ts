import { failure, type Logger } from '@ocm/runtime';
import type { ViewerConfig } from './config.js';
import type { HttpClient } from './http.js';
import { locateStream } from './locate.js';
import { resolveUri } from './playlist.js';
import { closeSession, RelaySource } from './relay-source.js';
import { retryTransient } from './retry.js';
import { type FetchedObject, isUnreachable, type ObjectSource, OriginSource } from './source.js';
import type { Delivery, Playback } from './state.js';

export type LoaderDeps = {
    config: ViewerConfig;
    http: HttpClient;
    state: Playback;
    /** Makes the state durable. */
    save: () => Promise<void>;
    log: Logger;
    signal: AbortSignal;
};
/** Throws if a body is not what it should be. */
export type BodyCheck = (body: Uint8Array, url: string) => void;

/** Gets the objects of one stream from wherever the router says, and counts each once. */
export class StreamLoader {
    readonly #deps: LoaderDeps;
    #source: ObjectSource | undefined;

    constructor(deps: LoaderDeps) {
        this.#deps = deps;
    }

    /**
     * Fetches the object at the end of a chain of URIs that starts at the master playlist. URIs are kept relative,
     * because the same stream has another host after a failover.
     */
    async load(uris: readonly string[], maxBytes: number, check: BodyCheck): Promise<FetchedObject> {
        const deadline = performance.now() + this.#deps.config.retryForMs;
        for (;;) {
            const { masterUrl } = await this.#delivery();
            const url = uris.filter((uri) => uri !== '').reduce((base, uri) => resolveUri(uri, base), masterUrl);
            try {
                const object = await this.#getChecked(url, maxBytes, check);
                return object;
            } catch (error) {
                if (!isUnreachable(error) || performance.now() >= deadline) throw error;
                await this.#locate();
            }
        }
    }

    /** Counts a loaded object in the receipts and in the state, and makes both durable as one. */
    async complete(object: FetchedObject): Promise<void> {
        this.#deps.state.bytes += object.body.byteLength;
        this.#source?.complete(object);
        await this.#deps.save();
        await this.tick();
    }

    stalled(durationMs: number): void {
        if (durationMs > 0) this.#source?.stalled(durationMs);
    }

    /** To be called at least every second: receipts fall due by time too. */
    async tick(): Promise<void> {
        await this.#source?.tick();
    }

    async finish(): Promise<void> {
        await (this.#source ?? this.#createSource(await this.#delivery())).finish();
    }

    async #getChecked(url: string, maxBytes: number, check: BodyCheck): Promise<FetchedObject> {
        this.#source ??= this.#createSource(await this.#delivery());
        const source = this.#source;
        const object = await source.get(url, maxBytes);
        try {
            check(object.body, url);
            return object;
        } catch (error) {
            source.failed();
            throw error;
        }
    }

    #createSource(delivery: Delivery): ObjectSource {
        const { config, http, state, save, signal, log } = this.#deps;
        const retryForMs = Math.min(config.retryForMs, config.failoverAfterMs);
        if (delivery.kind === 'traditional') return new OriginSource(http, { retryForMs, signal });
        const { node, masterUrl } = delivery;
        const peers = { http, node, nodeUrl: new URL(masterUrl).origin, providerUrl: config.providerUrl, signal, log };
        return new RelaySource({ state, save, peers, retryForMs, log });
    }

    async #delivery(): Promise<Delivery> {
        if (this.#deps.state.delivery === null) await this.#locate();
        const { delivery } = this.#deps.state;
        if (delivery !== null) return delivery;
        throw failure('MKT_VIEWER__ROUTE_INVALID', 'the router gave no answer');
    }

    async #locate(): Promise<void> {
        const { config, http, state, save, signal, log } = this.#deps;
        const found = await retryTransient(() => locateStream(http, config.entryUrl, signal), {
            forMs: config.retryForMs,
            signal,
            onRetry: (error) => log.warn({ err: error }, 'the router did not answer: asking again'),
        });
        if (JSON.stringify(found) === JSON.stringify(state.delivery)) return;
        log.info({ delivery: found }, 'the router says where to play from');
        closeSession(state);
        state.delivery = found;
        this.#source = undefined;
        await save();
    }
}
