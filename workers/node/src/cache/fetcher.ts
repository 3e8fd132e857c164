import { RequestProblem } from '../http/problem.js';
import type { CacheBehaviour } from './behaviour.js';
import type { BodySource } from './body-source.js';
import { continueFrom, fetchFields, steadyBody } from './continuation.js';
import { Fill } from './fill.js';
import type { FlightControl, Outcome } from './flights.js';
import { parseLength } from './headers.js';
import { InFlightBudget } from './in-flight-budget.js';
import type { Parent, ParentResponse } from './parent.js';
import type { CacheRequest } from './request.js';
import type { ResponseStore } from './response-store.js';
import { partRangeOf } from './semantics/content-range.js';
import { selectsStored } from './semantics/freshen.js';
import type { ReceivedResponse } from './semantics/freshness.js';
import { policyOf } from './semantics/policy.js';
import { allowsStaleIfError } from './semantics/reuse.js';
import { isShareable, isStorable, storedFields } from './semantics/storable.js';
import { controlOf, type ResponseControl } from './semantics/targeted.js';
import type { CacheEntry } from './stored-response.js';

export interface FetcherOptions {
    parent: Parent;
    store: ResponseStore;
    behaviour: CacheBehaviour;
    maxObjectBytes: number;
    maxInFlightBytes: number;
    now: () => number;
}
export interface FetchInput {
    request: CacheRequest;
    primaryKey: string;
    /** What is stored and may still be the one. */
    stale: CacheEntry | null;
    flight: FlightControl;
    /** Ask for this part only. */
    range: string | undefined;
}

/** One fetch from the parent: validates what is stored, else lets a body flow to those who wait and into the store. */
export class Fetcher {
    readonly #options: FetcherOptions;
    readonly #budget: InFlightBudget;

    constructor(options: FetcherOptions) {
        this.#options = options;
        this.#budget = new InFlightBudget(options.maxInFlightBytes);
    }

    async fetch(input: FetchInput): Promise<Outcome> {
        const { request, primaryKey, stale, range } = input;
        const { parent, store, behaviour, now } = this.#options;
        const prefix = range === undefined && stale === null ? await store.findPrefix(primaryKey, request) : null;
        const extra = fetchFields(input, prefix);
        const response = await parent.askPatiently({ method: 'GET', request, extra }, behaviour.stallTimeoutMs);
        if (response.status === 304) return this.#notModified(input, response);
        const { staleIfErrorSecs } = behaviour;
        if (response.status >= 500 && stale !== null && allowsStaleIfError(stale.policy, staleIfErrorSecs, now())) {
            response.body.resume();
            input.flight.land();
            return { kind: 'entry', entry: stale };
        }
        const continued = prefix === null ? null : continueFrom(prefix, response);
        if (prefix !== null && continued === null && (response.status === 206 || response.status === 416)) {
            response.body.destroy();
            store.parts.remove(primaryKey);
            return this.fetch(input);
        }
        return continued === null
            ? this.#startFill(input, response, response.body)
            : this.#startFill(input, continued.response, continued.body);
    }

    /** RFC 9111 4.3.3, 4.3.4. */
    #notModified(input: FetchInput, response: ParentResponse): Outcome | Promise<Outcome> {
        const { stale, flight } = input;
        const { store } = this.#options;
        response.body.resume();
        if (stale !== null && selectsStored(stale.response.headers, response.headers)) {
            const entry = store.freshen(stale, response);
            // The origin may forbid by a 304 what it allowed before: then this is the last use.
            if (!this.#mayStore(input, entry.response, controlOf(entry.response.headers))) store.remove(entry);
            flight.land();
            return { kind: 'entry', entry };
        }
        if (stale === null) {
            throw new RequestProblem(
                502,
                'MKT_NODE__PARENT_INVALID',
                'The parent answered 304 to an unconditional request.',
            );
        }
        // An answer about another representation than the stored one; only the whole object helps.
        store.remove(stale);
        return this.fetch({ ...input, stale: null });
    }

    #startFill(input: FetchInput, response: ParentResponse, body: BodySource): Outcome {
        const { flight, request } = input;
        const { parent, behaviour, maxObjectBytes } = this.#options;
        const { stallTimeoutMs } = behaviour;
        const { status, headers } = response;
        const length = parseLength(headers);
        const control = controlOf(headers);
        const isStored = this.#mayStore(input, response, control);
        const fits = (length ?? 0) <= maxObjectBytes && this.#budget.hasRoomFor(length ?? 0);
        const isShared = request.authorization === undefined && isShareable(status, headers, control);
        const retain = fits && (isStored || isShared);
        const fill = new Fill({
            source: retain ? steadyBody({ parent, request, response, body, stallTimeoutMs }) : body,
            length,
            retain,
            maxBytes: maxObjectBytes,
            budget: this.#budget,
        });
        if (!retain) flight.land();
        const sharedHeaders = storedFields(headers, control);
        if (isStored) this.#storeWhenComplete(input, { ...response, headers: sharedHeaders }, fill);
        else fill.completed.then(flight.land, flight.land);
        return { kind: 'fill', fill, status, headers, sharedHeaders, stored: isStored && retain };
    }

    #mayStore({ request }: FetchInput, response: ReceivedResponse, control: ResponseControl): boolean {
        const { status, headers } = response;
        const { behaviour } = this.#options;
        if (status === 206 && partRangeOf(headers) === null) return false;
        const policy = policyOf(response, behaviour, control);
        const isAuthorized = request.authorization !== undefined;
        return isStorable({ status, headers, control, policy, rules: behaviour, isAuthorized });
    }

    #storeWhenComplete({ flight, primaryKey, request }: FetchInput, response: ReceivedResponse, fill: Fill): void {
        const { status, headers, requestTimeMs, responseTimeMs } = response;
        const received = { status, headers, requestTimeMs, responseTimeMs };
        fill.completed
            .then(async (completed) => {
                if (completed === null || flight.isOutdated()) return;
                await this.#options.store.put(primaryKey, request, received, completed);
            })
            .then(flight.land, flight.land);
    }
}
