import { RequestProblem } from '../http/problem.js';
import type { CacheEntry } from './entry.js';
import { Fill } from './fill.js';
import { type Flight, FlightTable, type Outcome, suits } from './flights.js';
import { type HeaderMap, parseLength } from './headers.js';
import {
    allowsStaleIfError,
    type CachePolicy,
    createPolicy,
    freshnessOf,
    isShareable,
    isStorable,
    refreshPolicy,
} from './policy.js';
import type { TieredStore } from './store.js';
import type { Upstream, UpstreamResponse } from './upstream.js';

export type Disposition = 'hit' | 'miss' | 'collapsed' | 'bypass';

export interface CacheRequest {
    method: 'GET' | 'HEAD';
    /** Normalised path and allow-listed query: what the parent is asked for, and, with its host, the cache key. */
    pathAndQuery: string;
    /** What the parent may see; the only inputs that can select a variant. */
    headers: HeaderMap;
    /** A credential makes the exchange private: passed on, never shared, never stored. */
    authorization?: string | undefined;
    /** Nodes on the way, for the parent's loop check; no part of the key. */
    loop?: string;
    range?: string | undefined;
    ifRange?: string | undefined;
    onlyIfCached?: boolean;
}

export interface CacheAnswer {
    disposition: Disposition;
    status: number;
    headers: HeaderMap;
    /** Bytes of the whole representation, if known. */
    length: number | undefined;
    body: Buffer | Fill;
    /** Set if it may be given again as it is until then. */
    repeatable?: { bornMs: number; freshUntilMs: number; reuse(): Buffer | null };
}

export interface CacheCounters {
    hits: number;
    misses: number;
    collapsed: number;
    parentFetches: number;
}

export interface ObjectCacheOptions {
    upstream: Upstream;
    store: TieredStore;
    maxObjectBytes: number;
    /** Bytes of objects on their way that may be held in memory; beyond it responses are passed through unshared. */
    maxInFlightBytes?: number;
}

/** A shared cache (RFC 9111) of one parent: fresh answers from the store, one fetch for concurrent misses of one object. */
export class ObjectCache {
    readonly counters: CacheCounters = { hits: 0, misses: 0, collapsed: 0, parentFetches: 0 };
    readonly store: TieredStore;
    readonly #upstream: Upstream;
    readonly #maxObjectBytes: number;
    readonly #maxInFlightBytes: number;
    readonly #flights = new FlightTable();
    #inFlightBytes = 0;

    constructor({ upstream, store, maxObjectBytes, maxInFlightBytes = 8 * maxObjectBytes }: ObjectCacheOptions) {
        this.#upstream = upstream;
        this.store = store;
        this.#maxObjectBytes = maxObjectBytes;
        this.#maxInFlightBytes = maxInFlightBytes;
    }

    /** @throws RequestProblem 502/504 if the parent fails and no stored response may stand in */
    async lookup(request: CacheRequest): Promise<CacheAnswer> {
        if (request.authorization !== undefined) return this.#passThrough(request);
        const key = this.#primaryKey(request);
        const entry = this.store.peek(key, request.headers) ?? (await this.store.find(key, request.headers));
        if (entry !== null) {
            const freshness = freshnessOf(entry.policy, entry.headers);
            if (freshness === 'stale-while-revalidate') this.#refresh(request, entry);
            if (freshness === 'fresh') return { ...this.#hit(entry), repeatable: this.#repeatable(request, entry) };
            if (freshness !== 'stale') return this.#hit(entry);
        }
        if (request.onlyIfCached) {
            throw new RequestProblem(
                504,
                'MKT_NODE__NOT_CACHED',
                'The object is not stored here and only-if-cached was asked.',
            );
        }
        if (request.method === 'HEAD') return this.#passThrough(request);
        return this.#join(request, entry, { retriesLeft: 1, sameFieldsOnly: false });
    }

    async #join(
        request: CacheRequest,
        stale: CacheEntry | null,
        how: { retriesLeft: number; sameFieldsOnly: boolean },
    ): Promise<CacheAnswer> {
        const key = this.#primaryKey(request);
        const under = this.#flights[how.sameFieldsOnly ? 'findSame' : 'find'](key, request.headers);
        const leads = under === undefined;
        const flight = under ?? this.#start(request, stale);
        let outcome: Outcome;
        try {
            outcome = await flight.outcome;
        } catch (error) {
            if (stale !== null && allowsStaleIfError(stale.policy, stale.headers)) return this.#hit(stale);
            // The one who led learns of the failure; those who only waited deserve a try of their own.
            if (!leads && how.retriesLeft > 0) {
                return this.#join(request, stale, { ...how, retriesLeft: how.retriesLeft - 1 });
            }
            throw error;
        }
        if (!suits(outcome, flight.headers, request.headers)) {
            return this.#join(request, stale, { ...how, sameFieldsOnly: true });
        }
        return this.#answer(request, outcome, leads);
    }

    #answer(request: CacheRequest, outcome: Outcome, leads: boolean): CacheAnswer | Promise<CacheAnswer> {
        if (outcome.kind === 'entry') return this.#hit(outcome.entry);
        const { fill, status, headers, stored } = outcome;
        const shared = fill.retained && fill.joinable;
        if (!leads && !shared) return this.#passThrough(request);
        if (leads && !fill.retained && request.range !== undefined && status === 200) {
            // Too large to keep: better the parent cuts the range than that we read everything before it.
            fill.abandon();
            return this.#passThrough(request);
        }
        this.counters[leads ? 'misses' : 'collapsed'] += 1;
        const disposition = leads ? (stored ? 'miss' : 'bypass') : 'collapsed';
        return { disposition, status, headers, length: fill.length, body: fill };
    }

    #start(request: CacheRequest, stale: CacheEntry | null): Flight {
        const key = this.#primaryKey(request);
        return this.#flights.start(key, request.headers, (onLanded) => this.#fetch(request, stale, onLanded));
    }

    /** In the background; whoever asks meanwhile gets what is stored. */
    #refresh(request: CacheRequest, stale: CacheEntry): void {
        if (this.#flights.findSame(this.#primaryKey(request), request.headers) !== undefined) return;
        this.#start(request, stale).outcome.then(
            (outcome) => {
                if (outcome.kind === 'fill') outcome.fill.abandon();
            },
            () => undefined,
        );
    }

    async #fetch(request: CacheRequest, stale: CacheEntry | null, onLanded: () => void): Promise<Outcome> {
        const key = this.#primaryKey(request);
        const policyRequest = { key, headers: request.headers };
        const conditions: HeaderMap = {};
        if (stale?.headers.etag !== undefined) conditions['if-none-match'] = stale.headers.etag;
        if (stale?.headers['last-modified'] !== undefined) {
            conditions['if-modified-since'] = stale.headers['last-modified'];
        }
        const response = await this.#ask('GET', request, conditions);
        if (response.status === 304) {
            response.body.resume();
            const policy = stale === null ? null : refreshPolicy(stale.policy, policyRequest, response.headers);
            if (stale === null || policy === null) {
                // An answer about another representation than the stored one; only the whole object helps.
                this.store.remove(key, request.headers);
                if (Object.keys(conditions).length > 0) return this.#fetch(request, null, onLanded);
                throw new RequestProblem(
                    502,
                    'MKT_NODE__PARENT_INVALID',
                    'The parent answered 304 to an unconditional request.',
                );
            }
            const entry = this.store.put(key, request.headers, {
                ...stale,
                headers: { ...stale.headers, ...updatable(response.headers) },
                policy,
            });
            onLanded();
            return { kind: 'entry', entry };
        }
        if (response.status >= 500 && stale !== null && allowsStaleIfError(stale.policy, stale.headers)) {
            response.body.resume();
            onLanded();
            return { kind: 'entry', entry: stale };
        }
        const policy = createPolicy(policyRequest, response);
        return this.#startFill(key, request, response, policy, onLanded);
    }

    #startFill(
        key: string,
        request: CacheRequest,
        response: UpstreamResponse,
        policy: CachePolicy,
        onLanded: () => void,
    ): Outcome {
        const { status, headers, body } = response;
        const length = parseLength(headers);
        const stored = isStorable(policy, status, headers);
        const fits =
            (length ?? 0) <= this.#maxObjectBytes && this.#inFlightBytes + (length ?? 0) <= this.#maxInFlightBytes;
        const retain = fits && (stored || isShareable(status, headers));
        const fill = new Fill({
            source: body,
            length,
            retain,
            maxBytes: this.#maxObjectBytes,
            onHeldBytes: (difference) => {
                this.#inFlightBytes += difference;
            },
        });
        if (!retain) onLanded();
        fill.completed.then(
            (completed) => {
                if (completed !== null && stored) {
                    const { body: whole, sha256 } = completed;
                    this.store.put(key, request.headers, { status, headers, policy, body: whole, sha256 });
                }
                onLanded();
            },
            () => onLanded(),
        );
        return { kind: 'fill', fill, status, headers, stored: stored && retain };
    }

    /** Private exchange: one viewer, one fetch, nothing kept. */
    async #passThrough(request: CacheRequest): Promise<CacheAnswer> {
        const extra: HeaderMap = {};
        if (request.authorization !== undefined) extra.authorization = request.authorization;
        if (request.range !== undefined) extra.range = request.range;
        if (request.ifRange !== undefined) extra['if-range'] = request.ifRange;
        const { status, headers, body } = await this.#ask(request.method, request, extra);
        const length = parseLength(headers);
        if (request.method === 'HEAD') {
            body.resume();
            return { disposition: 'bypass', status, headers, length, body: Buffer.alloc(0) };
        }
        const fill = new Fill({ source: body, length, retain: false, maxBytes: 0 });
        return { disposition: 'bypass', status, headers, length, body: fill };
    }

    #hit(entry: CacheEntry): CacheAnswer {
        this.counters.hits += 1;
        const headers = { ...entry.headers, age: String(Math.max(0, Math.floor(entry.policy.age()))) };
        return { disposition: 'hit', status: entry.status, headers, length: entry.body.length, body: entry.body };
    }

    #repeatable(request: CacheRequest, entry: CacheEntry): CacheAnswer['repeatable'] & object {
        const nowMs = Date.now();
        const key = this.#primaryKey(request);
        const { policy } = entry;
        return {
            bornMs: nowMs - entry.policy.age() * 1_000,
            freshUntilMs: nowMs + entry.policy.timeToLive(),
            reuse: () => {
                const current = this.store.peek(key, request.headers);
                if (current?.policy !== policy) return null;
                this.counters.hits += 1;
                return current.body;
            },
        };
    }

    #ask(method: 'GET' | 'HEAD', request: CacheRequest, extra: HeaderMap): Promise<UpstreamResponse> {
        this.counters.parentFetches += 1;
        return this.#upstream.fetch({
            method,
            path: request.pathAndQuery,
            headers: {
                ...request.headers,
                ...extra,
                ...(request.loop === undefined ? {} : { 'cdn-loop': request.loop }),
            },
        });
    }

    #primaryKey({ pathAndQuery }: CacheRequest): string {
        return `${this.#upstream.host}${pathAndQuery}`;
    }
}

/** Fields of a 304 that describe the body it did not send stay as stored (RFC 9111 3.2). */
function updatable(headers: HeaderMap): HeaderMap {
    const {
        'content-length': _,
        'content-encoding': __,
        'content-type': ___,
        'content-range': ____,
        ...rest
    } = headers;
    return rest;
}
