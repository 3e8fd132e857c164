import { RequestProblem } from '../http/problem.js';
import { type CacheBehaviour, DEFAULT_BEHAVIOUR } from './behaviour.js';
import { Exchanges } from './exchanges.js';
import { Fetcher } from './fetcher.js';
import { type Flight, FlightTable, type Outcome, suits } from './flights.js';
import { Parent } from './parent.js';
import { type CacheAnswer, type CacheRequest, demandsOfRequest } from './request.js';
import { ResponseStore } from './response-store.js';
import { ageSecs } from './semantics/policy.js';
import { allowsStaleIfError, decideReuse } from './semantics/reuse.js';
import type { ObjectStorage } from './storage/object-storage.js';
import type { CacheEntry } from './stored-response.js';
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
    now?: () => number;
}
interface JoinInput {
    stale: CacheEntry | null;
    range: string | undefined;
    retriesLeft: number;
    sameFieldsOnly: boolean;
}

/** A shared cache (RFC 9111) of one parent: fresh answers from the store, one fetch for concurrent misses of one object. */
export class ObjectCache {
    readonly store: ResponseStore;
    readonly #behaviour: CacheBehaviour;
    readonly #counts = { hits: 0, misses: 0, collapsed: 0 };
    readonly #host: string;
    readonly #now: () => number;
    readonly #flights = new FlightTable();
    readonly #parent: Parent;
    readonly #fetcher: Fetcher;
    readonly #exchanges: Exchanges;

    constructor(options: ObjectCacheOptions) {
        const { upstream, storage, maxObjectBytes, maxInFlightBytes = 8 * maxObjectBytes, now = Date.now } = options;
        const behaviour = { ...DEFAULT_BEHAVIOUR, ...options.behaviour };
        this.#behaviour = behaviour;
        this.#host = upstream.host;
        this.#now = now;
        this.#parent = new Parent(upstream, now);
        this.store = new ResponseStore({ storage, behaviour, maxObjectBytes });
        const shared = { parent: this.#parent, store: this.store, behaviour, maxObjectBytes, now };
        this.#fetcher = new Fetcher({ ...shared, maxInFlightBytes });
        const keyOf = (pathAndQuery: string): string => this.#host + pathAndQuery;
        this.#exchanges = new Exchanges({ ...shared, upstream, flights: this.#flights, keyOf });
    }

    get counters(): CacheCounters {
        return { ...this.#counts, parentFetches: this.#parent.fetches };
    }

    /** @throws RequestProblem 502/504 if the parent fails and no stored response may stand in */
    async lookup(request: CacheRequest): Promise<CacheAnswer> {
        const { sharesAuthorized, honoursRequestDirectives, forwardsRanges } = this.#behaviour;
        if (request.authorization !== undefined && !sharesAuthorized) return this.#exchanges.passThrough(request);
        const demands = demandsOfRequest(request, honoursRequestDirectives);
        if (demands.isUnstored) return this.#exchanges.passThrough(request);
        const key = this.#host + request.pathAndQuery;
        const entry = this.store.peek(key, request.headers) ?? (await this.store.find(key, request.headers));
        if (entry !== null) {
            const reuse = decideReuse(entry.policy, demands, this.#now());
            if (reuse === 'refresh') this.#refresh(request, entry);
            if (reuse !== 'validate') return this.#hit(entry);
        } else if (request.range !== undefined && request.method === 'GET') {
            const part = await this.#exchanges.findPart(key, request, demands);
            if (part !== null) return this.#count('hits', part);
        }
        if (request.onlyIfCached) {
            throw new RequestProblem(
                504,
                'MKT_NODE__NOT_CACHED',
                'The object is not stored here and only-if-cached was asked.',
            );
        }
        if (request.method === 'HEAD') return this.#exchanges.head(request, entry);
        const range = forwardsRanges && entry === null ? request.range : undefined;
        if (request.authorization !== undefined) return this.#exchanges.privately(this.#fetcher, request, entry);
        return this.#join(request, { stale: entry, range, retriesLeft: 1, sameFieldsOnly: false });
    }

    /** Passes on a request by a method other than GET and HEAD, and removes what it changes. */
    forward(request: UnsafeRequest): Promise<CacheAnswer> {
        return this.#exchanges.forward(request);
    }

    async #join(request: CacheRequest, how: JoinInput): Promise<CacheAnswer> {
        const { stale, range, retriesLeft, sameFieldsOnly } = how;
        const key = this.#flightKey(request, range);
        const under = this.#flights[sameFieldsOnly ? 'findSame' : 'find'](key, request.headers);
        const leads = under === undefined;
        const flight = under ?? this.#start(request, stale, range);
        if (!leads) this.#follow(flight);
        let outcome: Outcome;
        try {
            outcome = await flight.outcome;
        } catch (error) {
            const { staleIfErrorSecs } = this.#behaviour;
            if (stale !== null && allowsStaleIfError(stale.policy, staleIfErrorSecs, this.#now()))
                return this.#hit(stale);
            // The one who led learns of the failure; those who only waited deserve a try of their own.
            if (!leads && retriesLeft > 0) return this.#join(request, { ...how, retriesLeft: retriesLeft - 1 });
            throw error;
        }
        if (!leads && !suits(outcome, flight.headers, request.headers)) {
            return this.#join(request, { ...how, sameFieldsOnly: true });
        }
        return this.#answer(request, outcome, leads, range);
    }

    #answer(
        request: CacheRequest,
        outcome: Outcome,
        leads: boolean,
        range: string | undefined,
    ): CacheAnswer | Promise<CacheAnswer> {
        if (outcome.kind === 'entry') return this.#hit(outcome.entry);
        const { fill, status, headers, stored } = outcome;
        const isShared = fill.retained && fill.joinable;
        const isLargeWhole = leads && !fill.retained && status === 200 && range === undefined;
        if (isLargeWhole && request.range !== undefined) fill.abandon();
        else if (leads || isShared) {
            const disposition = leads ? (stored ? 'miss' : 'bypass') : 'collapsed';
            const answer = { disposition, status, headers, length: fill.length, body: fill } as const;
            return this.#count(leads ? 'misses' : 'collapsed', answer);
        }
        if (request.range === undefined || range !== undefined) return this.#exchanges.passThrough(request);
        // Too large to keep: better the parent cuts the range than that we read everything before it.
        return this.#join(request, { stale: null, range: request.range, retriesLeft: 0, sameFieldsOnly: false });
    }

    #start(request: CacheRequest, stale: CacheEntry | null, range: string | undefined): Flight {
        const primaryKey = this.#host + request.pathAndQuery;
        return this.#flights.start(this.#flightKey(request, range), request.headers, (flight) =>
            this.#fetcher.fetch({ request, primaryKey, stale, flight, range }),
        );
    }

    #follow(flight: Flight): void {
        flight.followers += 1;
        if (flight.followers > this.#behaviour.maxFollowers) {
            throw new RequestProblem(503, 'MKT_NODE__BUSY', 'Too many wait for this object already; retry.');
        }
    }

    /** In the background; whoever asks meanwhile gets what is stored. */
    #refresh(request: CacheRequest, stale: CacheEntry): void {
        if (this.#flights.findSame(this.#flightKey(request, undefined), request.headers) !== undefined) return;
        this.#start({ ...request, onInterim: undefined }, stale, undefined).outcome.then(
            (outcome) => {
                if (outcome.kind === 'fill') outcome.fill.abandon();
            },
            () => undefined,
        );
    }

    #hit({ object, response, policy }: CacheEntry): CacheAnswer {
        const headers = { ...response.headers, age: String(Math.floor(ageSecs(policy, this.#now()))) };
        const { status } = response;
        return this.#count('hits', {
            disposition: 'hit',
            status,
            headers,
            length: object.body.length,
            body: object.body,
        });
    }

    #count(what: 'hits' | 'misses' | 'collapsed', answer: CacheAnswer): CacheAnswer {
        this.#counts[what] += 1;
        return answer;
    }

    #flightKey({ pathAndQuery, ifRange }: CacheRequest, range: string | undefined): string {
        const key = this.#host + pathAndQuery;
        return range === undefined ? key : `${key}\n${range}\n${ifRange ?? ''}`;
    }
}
