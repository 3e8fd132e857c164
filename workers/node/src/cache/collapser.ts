import { LRUCache } from 'lru-cache';
import { RequestProblem } from '../http/problem.js';
import type { CacheBehaviour } from './behaviour.js';
import type { Exchanges } from './exchanges.js';
import type { Fetcher } from './fetcher.js';
import { type Flight, type FlightTable, type Outcome, suits } from './flights.js';
import { bringsNames, withoutNamesBrought } from './parent.js';
import type { CacheAnswer, CacheRequest } from './request.js';
import { allowsStaleIfError } from './semantics/reuse.js';
import { answerOf, type CacheEntry } from './stored-response.js';

/** After a refresh that failed, the next is not tried for so long: what is stored is being served meanwhile. */
const REFRESH_PAUSE_MS = 1_000;
const MAX_PAUSES = 10_000;
const LOOP_DETECTED = 508;

export interface CollapserOptions {
    fetcher: Fetcher;
    exchanges: Exchanges;
    flights: FlightTable;
    behaviour: CacheBehaviour;
    now: () => number;
    keyOf: (pathAndQuery: string) => string;
}
export interface JoinInput {
    stale: CacheEntry | null;
    /** Asked of the parent as it is; undefined fetches the whole object. */
    range: string | undefined;
    retriesLeft?: number;
    sameFieldsOnly?: boolean;
    /** Wait only for a fetch that names the same nodes (CDN-Loop). */
    sameLoopOnly?: boolean;
}

/** One fetch for all who ask for the same at the same time; those whom its response does not suit are let go, one by one. */
export class Collapser {
    readonly #options: CollapserOptions;
    /** Nodes that the fetch of a flight names. */
    readonly #loops = new WeakMap<Flight, string>();
    readonly #pauses = new LRUCache<string, number>({ max: MAX_PAUSES });

    constructor(options: CollapserOptions) {
        this.#options = options;
    }

    async join(request: CacheRequest, how: JoinInput): Promise<CacheAnswer> {
        const { stale, range, retriesLeft = 1, sameFieldsOnly = false, sameLoopOnly = false } = how;
        const { flights, behaviour, now } = this.#options;
        const key = this.#flightKey(request, range) + (sameLoopOnly ? `\nloop ${request.loop ?? ''}` : '');
        const under = flights[sameFieldsOnly ? 'findSame' : 'find'](key, request.headers);
        const leads = under === undefined;
        const flight = under ?? this.#start(key, request, stale, range);
        if (!leads) this.#follow(flight);
        let outcome: Outcome;
        try {
            outcome = await flight.outcome;
        } catch (error) {
            if (stale !== null && allowsStaleIfError(stale.policy, behaviour.staleIfErrorSecs, now())) {
                return answerOf(stale, now());
            }
            // The one who led learns of the failure; those who only waited deserve a try of their own.
            if (!leads && retriesLeft > 0) return this.join(request, { ...how, retriesLeft: retriesLeft - 1 });
            throw error;
        }
        if (!leads && this.#isSpoiled(outcome, flight, request, stale)) {
            return this.join(request, { ...how, sameLoopOnly: true });
        }
        if (!leads && !suits(outcome, flight.headers, request.headers)) {
            return this.join(request, { ...how, sameFieldsOnly: true });
        }
        return this.#answer(request, outcome, leads, range);
    }

    /** In the background; whoever asks meanwhile gets what is stored. */
    refresh(request: CacheRequest, stale: CacheEntry): void {
        const { flights, now } = this.#options;
        const key = this.#flightKey(request, undefined);
        if (flights.findSame(key, request.headers) !== undefined) return;
        if (now() - (this.#pauses.get(stale.object.key) ?? 0) < REFRESH_PAUSE_MS) return;
        const loop = request.loop === undefined ? undefined : withoutNamesBrought(request.loop);
        this.#start(key, { ...request, loop, onInterim: undefined }, stale, undefined).outcome.then(
            (outcome) => {
                if (outcome.kind === 'fill') outcome.fill.abandon();
                if (outcome.kind === 'entry' ? outcome.entry === stale : !outcome.stored) this.#pause(stale);
            },
            () => this.#pause(stale),
        );
    }

    #pause(stale: CacheEntry): void {
        this.#pauses.set(stale.object.key, this.#options.now());
    }

    #answer(
        request: CacheRequest,
        outcome: Outcome,
        leads: boolean,
        range: string | undefined,
    ): CacheAnswer | Promise<CacheAnswer> {
        const { exchanges, now } = this.#options;
        if (outcome.kind === 'entry') return answerOf(outcome.entry, now());
        const { fill, status, stored } = outcome;
        const isShared = fill.retained && fill.joinable;
        const isLargeWhole = leads && !fill.retained && status === 200 && range === undefined;
        if (isLargeWhole && request.range !== undefined) fill.abandon();
        else if (leads || isShared) {
            const disposition = leads ? (stored ? 'miss' : 'bypass') : 'collapsed';
            const headers = leads ? outcome.headers : outcome.sharedHeaders;
            return { disposition, status, headers, length: fill.length, body: fill };
        }
        if (request.range === undefined || range !== undefined) return exchanges.passThrough(request);
        // Too large to keep: better the parent cuts the range than that we read everything before it.
        return this.join(request, { stale: null, range: request.range, retriesLeft: 0 });
    }

    #start(key: string, request: CacheRequest, stale: CacheEntry | null, range: string | undefined): Flight {
        const { flights, fetcher, keyOf } = this.#options;
        const primaryKey = keyOf(request.pathAndQuery);
        const started = flights.start(key, request.headers, (flight) =>
            fetcher.fetch({ request, primaryKey, stale, flight, range }),
        );
        if (request.loop !== undefined) this.#loops.set(started, request.loop);
        return started;
    }

    /**
     * Whether names that only the leader brought may have led to this: a viewer can write the parent's there. Requests that pass on
     * nodes' names are shared all the same, or a parent of many nodes would fetch an object once for each of them.
     */
    #isSpoiled(outcome: Outcome, flight: Flight, { loop }: CacheRequest, stale: CacheEntry | null): boolean {
        const led = this.#loops.get(flight);
        if (led === loop || !bringsNames(led)) return false;
        if (outcome.kind === 'fill') return outcome.status === LOOP_DETECTED;
        // What is stored stands in for a 508 as for any other error; nodes that wait would multiply a real one.
        return !bringsNames(loop) && outcome.entry.object.meta === stale?.object.meta;
    }

    #follow(flight: Flight): void {
        flight.followers += 1;
        if (flight.followers > this.#options.behaviour.maxFollowers) {
            throw new RequestProblem(503, 'MKT_NODE__BUSY', 'Too many wait for this object already; retry.');
        }
    }

    #flightKey({ pathAndQuery, ifRange }: CacheRequest, range: string | undefined): string {
        const key = this.#options.keyOf(pathAndQuery);
        return range === undefined ? key : `${key}\n${range}\n${ifRange ?? ''}`;
    }
}
