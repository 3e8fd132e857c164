import { RequestProblem } from '../http/problem.js';
import { type CacheBehaviour, DEFAULT_BEHAVIOUR } from './behaviour.js';
import { Collapser } from './collapser.js';
import { Exchanges } from './exchanges.js';
import { Fetcher } from './fetcher.js';
import { FlightTable } from './flights.js';
import { Parent } from './parent.js';
import { type CacheAnswer, type CacheRequest, demandsOfRequest } from './request.js';
import { type ContractOf, ResponseStore } from './response-store.js';
import { ageSecs } from './semantics/policy.js';
import { decideReuse } from './semantics/reuse.js';
import type { ObjectStorage } from './storage/object-storage.js';
import { answerOf, type CacheEntry } from './stored-response.js';
import type { UnsafeRequest } from './unsafe.js';
import type { Upstream } from './upstream.js';

export type { CacheAnswer, CacheRequest, Disposition } from './request.js';

export interface CacheCounters {
    hits: number;
    misses: number;
    collapsed: number;
    parentFetches: number;
}
export interface ObjectCacheOptions {
    upstream: Upstream;
    storage: ObjectStorage;
    maxObjectBytes: number;
    /** Bytes of objects on their way that may be held in memory; beyond it responses are passed through unshared. */
    maxInFlightBytes?: number;
    behaviour?: Partial<CacheBehaviour>;
    /** Without it nothing is anybody's. */
    contractOf?: ContractOf;
    now?: () => number;
}

/** A shared cache (RFC 9111) of one parent: fresh answers from the store, one fetch for concurrent misses of one object. */
export class ObjectCache {
    readonly store: ResponseStore;
    readonly #behaviour: CacheBehaviour;
    readonly #counts = { hits: 0, misses: 0, collapsed: 0 };
    readonly #host: string;
    readonly #now: () => number;
    readonly #parent: Parent;
    readonly #fetcher: Fetcher;
    readonly #exchanges: Exchanges;
    readonly #collapser: Collapser;
    readonly #flights: FlightTable;

    constructor(options: ObjectCacheOptions) {
        const { upstream, storage, maxObjectBytes, maxInFlightBytes = 8 * maxObjectBytes, now = Date.now } = options;
        const behaviour = { ...DEFAULT_BEHAVIOUR, ...options.behaviour };
        const contractOf = options.contractOf ?? (() => null);
        const flights = new FlightTable();
        this.#flights = flights;
        const keyOf = (pathAndQuery: string): string => upstream.host + pathAndQuery;
        this.#behaviour = behaviour;
        this.#host = upstream.host;
        this.#now = now;
        this.#parent = new Parent(upstream, now);
        this.store = new ResponseStore({ storage, behaviour, maxObjectBytes, contractOf });
        const shared = { parent: this.#parent, store: this.store, behaviour, maxObjectBytes, now };
        this.#fetcher = new Fetcher({ ...shared, maxInFlightBytes });
        this.#exchanges = new Exchanges({ ...shared, upstream, flights, keyOf });
        const parts = { fetcher: this.#fetcher, exchanges: this.#exchanges, flights };
        this.#collapser = new Collapser({ ...parts, behaviour, now, keyOf });
    }

    get counters(): CacheCounters {
        return { ...this.#counts, parentFetches: this.#parent.fetches };
    }

    /** @throws RequestProblem 502/504 if the parent fails and no stored response may stand in */
    async lookup(request: CacheRequest): Promise<CacheAnswer> {
        const answer = await this.#find(request);
        if (answer.disposition === 'hit') this.#counts.hits += 1;
        else if (answer.disposition === 'collapsed') this.#counts.collapsed += 1;
        else this.#counts.misses += 1;
        return answer;
    }

    /** Passes on a request by a method other than GET and HEAD, and removes what it changes. */
    forward(request: UnsafeRequest): Promise<CacheAnswer> {
        return this.#exchanges.forward(request);
    }

    async #find(request: CacheRequest): Promise<CacheAnswer> {
        const { sharesAuthorized, honoursRequestDirectives, forwardsRanges } = this.#behaviour;
        const { authorization, method } = request;
        if (authorization !== undefined && !sharesAuthorized) return this.#exchanges.passThrough(request);
        const demands = demandsOfRequest(request, honoursRequestDirectives);
        if (demands.isUnstored) return this.#exchanges.passThrough(request);
        const key = this.#host + request.pathAndQuery;
        const entry = this.store.peek(key, request.headers) ?? (await this.store.find(key, request.headers));
        if (entry !== null) {
            const reuse = decideReuse(entry.policy, demands, this.#now());
            if (reuse === 'refresh') this.#collapser.refresh(request, entry);
            if (reuse === 'fresh')
                return { ...answerOf(entry, this.#now()), repeatable: this.#repeatable(request, entry) };
            if (reuse === 'refresh') return answerOf(entry, this.#now());
        } else if (request.range !== undefined && method === 'GET') {
            const part = await this.#exchanges.findPart(key, request, demands);
            if (part !== null) return part;
        }
        if (request.onlyIfCached) {
            throw new RequestProblem(
                504,
                'MKT_NODE__NOT_CACHED',
                'The object is not stored here and only-if-cached was asked.',
            );
        }
        if (method === 'HEAD') return this.#exchanges.head(request, entry);
        if (authorization !== undefined) return this.#exchanges.privately(this.#fetcher, request, entry);
        const range = forwardsRanges && entry === null ? request.range : undefined;
        return this.#collapser.join(request, { stale: entry, range });
    }

    /** Nobody who asks later may join a fetch of what matches. */
    leaveFlights(matches: (pathAndQuery: string) => boolean): void {
        this.#flights.invalidate(
            (key) => key.startsWith(this.#host) && matches(key.slice(this.#host.length).split('\n', 1)[0] ?? ''),
        );
    }

    /** Asks the store by key and identity, so that what is replaced, purged or evicted is not repeated. */
    #repeatable(
        { pathAndQuery, headers }: CacheRequest,
        { object, policy }: CacheEntry,
    ): CacheAnswer['repeatable'] & object {
        const nowMs = this.#now();
        const ageMs = ageSecs(policy, nowMs) * 1_000;
        const key = this.#host + pathAndQuery;
        const { meta } = object;
        return {
            bornMs: nowMs - ageMs,
            freshUntilMs: nowMs - ageMs + policy.lifetimeSecs * 1_000,
            reuse: () => {
                const current = this.store.peek(key, headers);
                if (current === null || current.object.meta !== meta) return null;
                this.#counts.hits += 1;
                return current.object.body;
            },
        };
    }
}
