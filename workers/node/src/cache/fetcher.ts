import { RequestProblem } from '../http/problem.js';
import type { CacheBehaviour } from './behaviour.js';
import { type BodySource, prefixed, SteadyBody, skipKnown } from './body-source.js';
import { Fill } from './fill.js';
import type { FlightControl, Outcome } from './flights.js';
import { type HeaderMap, parseLength } from './headers.js';
import type { Parent, ParentResponse } from './parent.js';
import type { CacheRequest } from './request.js';
import type { ResponseStore } from './response-store.js';
import { partRangeOf } from './semantics/content-range.js';
import { isStrongTag, selectsStored, validationFields } from './semantics/freshen.js';
import { policyOf } from './semantics/policy.js';
import { allowsStaleIfError } from './semantics/reuse.js';
import { isShareable, isStorable, storedFields } from './semantics/storable.js';
import { controlOf } from './semantics/targeted.js';
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
    #inFlightBytes = 0;

    constructor(options: FetcherOptions) {
        this.#options = options;
    }

    async fetch(input: FetchInput): Promise<Outcome> {
        const { request, primaryKey, stale, range } = input;
        const { parent, store, behaviour, now } = this.#options;
        const prefix =
            range === undefined && stale === null ? await store.parts.findPrefix(primaryKey, request.headers) : null;
        const extra = this.#extraFields(input, prefix);
        const response = await parent.askPatiently({ method: 'GET', request, extra }, behaviour.stallTimeoutMs);
        if (response.status === 304) return this.#notModified(input, response);
        const { staleIfErrorSecs } = behaviour;
        if (response.status >= 500 && stale !== null && allowsStaleIfError(stale.policy, staleIfErrorSecs, now())) {
            response.body.resume();
            input.flight.land();
            return { kind: 'entry', entry: stale };
        }
        const continued = prefix === null ? null : continueFrom(prefix, response);
        if (response.status === 206 && prefix !== null && continued === null) {
            response.body.destroy();
            store.parts.remove(primaryKey);
            return this.fetch(input);
        }
        return continued === null
            ? this.#startFill(input, response, response.body)
            : this.#startFill(input, continued.response, continued.body);
    }

    #extraFields({ request, stale, range }: FetchInput, prefix: CacheEntry | null): HeaderMap {
        const { authorization, ifRange } = request;
        const credential: HeaderMap = authorization === undefined ? {} : { authorization };
        if (stale !== null) return { ...credential, ...validationFields(stale.response.headers) };
        if (range !== undefined) {
            return { ...credential, range, ...(ifRange === undefined ? {} : { 'if-range': ifRange }) };
        }
        if (prefix === null) return credential;
        const etag = prefix.response.headers.etag ?? '';
        return { ...credential, range: `bytes=${prefix.object.body.length}-`, 'if-range': etag };
    }

    /** RFC 9111 4.3.3, 4.3.4. */
    #notModified(input: FetchInput, response: ParentResponse): Outcome | Promise<Outcome> {
        const { stale, flight } = input;
        response.body.resume();
        if (stale !== null && selectsStored(stale.response.headers, response.headers)) {
            const entry = this.#options.store.freshen(stale, response);
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
        this.#options.store.remove(stale);
        return this.fetch({ ...input, stale: null });
    }

    #startFill(input: FetchInput, response: ParentResponse, body: BodySource): Outcome {
        const { flight, request } = input;
        const { maxObjectBytes, maxInFlightBytes } = this.#options;
        const { status, headers } = response;
        const length = parseLength(headers);
        const isStored = this.#mayStore(input, response);
        const fits = (length ?? 0) <= maxObjectBytes && this.#inFlightBytes + (length ?? 0) <= maxInFlightBytes;
        const isShared = request.authorization === undefined && isShareable(status, headers, controlOf(headers));
        const retain = fits && (isStored || isShared);
        const fill = new Fill({
            source: retain ? this.#steady(input, response, body) : body,
            length,
            retain,
            maxBytes: maxObjectBytes,
            onHeldBytes: (difference) => {
                this.#inFlightBytes += difference;
            },
        });
        if (!retain) flight.land();
        if (isStored) this.#storeWhenComplete(input, response, fill);
        else fill.completed.then(flight.land, flight.land);
        return { kind: 'fill', fill, status, headers, stored: isStored && retain };
    }

    #mayStore({ request }: FetchInput, { status, headers, requestTimeMs, responseTimeMs }: ParentResponse): boolean {
        const { behaviour } = this.#options;
        if (status === 206 && partRangeOf(headers) === null) return false;
        const policy = policyOf({ status, headers, requestTimeMs, responseTimeMs }, behaviour);
        const control = controlOf(headers);
        const isAuthorized = request.authorization !== undefined;
        return isStorable({ status, headers, control, policy, rules: behaviour, isAuthorized });
    }

    #storeWhenComplete({ flight, primaryKey, request }: FetchInput, response: ParentResponse, fill: Fill): void {
        const { status, requestTimeMs, responseTimeMs } = response;
        const headers = storedFields(response.headers, controlOf(response.headers));
        const received = { status, headers, requestTimeMs, responseTimeMs };
        fill.completed
            .then(async (completed) => {
                if (completed === null || flight.isOutdated()) return;
                await this.#options.store.put(primaryKey, request.headers, received, completed);
            })
            .then(flight.land, flight.land);
    }

    /** Replaced if it stalls: by the rest of the same representation if its tag is strong, else by another whole fetch. */
    #steady({ request }: FetchInput, { status, headers }: ParentResponse, body: BodySource): BodySource {
        const { parent, behaviour } = this.#options;
        if (status !== 200) return body;
        const { etag } = headers;
        const isStrong = isStrongTag(etag);
        return new SteadyBody({
            body,
            stallTimeoutMs: behaviour.stallTimeoutMs,
            comparesBytes: !isStrong,
            replace: async (received, sha256) => {
                const extra: HeaderMap = isStrong ? { range: `bytes=${received}-`, 'if-range': etag } : {};
                const next = await parent.ask({ method: 'GET', request, extra: received === 0 ? {} : extra });
                const { status: nextStatus, headers: nextHeaders } = next;
                const isSame = !isStrong || nextHeaders.etag === etag;
                if (nextStatus === 206 && isSame && partRangeOf(nextHeaders)?.first === received) return next.body;
                if (nextStatus === 200 && isSame) return skipKnown(next.body, received, sha256);
                next.body.destroy();
                throw new Error('the parent has another object now');
            },
        });
    }
}

/** A stored beginning with the rest that was asked for, as one whole response (RFC 9111 3.4); null if they do not fit. */
function continueFrom(
    prefix: CacheEntry,
    response: ParentResponse,
): { response: ParentResponse; body: BodySource } | null {
    const range = response.status === 206 ? partRangeOf(response.headers) : null;
    const held = prefix.object.body;
    if (range === null || range.first !== held.length || range.last !== range.total - 1) return null;
    if (response.headers.etag !== prefix.response.headers.etag) return null;
    const { 'content-range': _, ...rest } = response.headers;
    const headers = { ...rest, 'content-length': String(range.total) };
    return { response: { ...response, status: 200, headers }, body: prefixed(held, response.body) };
}
