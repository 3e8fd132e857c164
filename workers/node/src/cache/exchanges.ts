import type { CacheBehaviour } from './behaviour.js';
import { allowsRange } from './conditional.js';
import type { Fetcher } from './fetcher.js';
import { Fill } from './fill.js';
import type { FlightTable } from './flights.js';
import { type HeaderMap, parseLength } from './headers.js';
import type { Parent } from './parent.js';
import { decideRange } from './ranges.js';
import type { CacheAnswer, CacheRequest } from './request.js';
import type { ResponseStore } from './response-store.js';
import { isSameAsHead } from './semantics/freshen.js';
import { policyOf } from './semantics/policy.js';
import { decideReuse, type RequestDemands } from './semantics/reuse.js';
import { isStorable } from './semantics/storable.js';
import { controlOf } from './semantics/targeted.js';
import { answerOf, type CacheEntry } from './stored-response.js';
import { forwardUnsafe, type UnsafeRequest } from './unsafe.js';
import type { Upstream } from './upstream.js';

export interface ExchangesOptions {
    upstream: Upstream;
    parent: Parent;
    store: ResponseStore;
    flights: FlightTable;
    behaviour: CacheBehaviour;
    maxObjectBytes: number;
    now: () => number;
    keyOf: (pathAndQuery: string) => string;
}

/** What is not shared with others who ask at the same time. */
export class Exchanges {
    readonly #options: ExchangesOptions;
    #privateFlights = 0;

    constructor(options: ExchangesOptions) {
        this.#options = options;
    }

    /** Private exchange: one viewer, one fetch, nothing kept. */
    async passThrough(request: CacheRequest): Promise<CacheAnswer> {
        const { method } = request;
        const { status, headers, body } = await this.#options.parent.ask({
            method,
            request,
            extra: privateFields(request),
        });
        const length = parseLength(headers);
        if (method === 'HEAD') {
            body.resume();
            return { disposition: 'bypass', status, headers, length, body: Buffer.alloc(0) };
        }
        const fill = new Fill({ source: body, length, retain: false, maxBytes: 0 });
        return { disposition: 'bypass', status, headers, length, body: fill };
    }

    /** HEAD is passed on; its answer freshens what is stored, or shows that it is outdated (RFC 9111 4.3.5). */
    async head(request: CacheRequest, entry: CacheEntry | null): Promise<CacheAnswer> {
        const { parent, store } = this.#options;
        const response = await parent.ask({ method: 'HEAD', request, extra: privateFields(request) });
        response.body.resume();
        const { status, headers } = response;
        if (entry !== null && status === 200 && entry.response.status === 200) {
            if (isSameAsHead(entry.response.headers, entry.object.body.length, headers)) {
                store.freshen(entry, response);
            } else store.remove(entry);
        }
        const length = parseLength(headers);
        return { disposition: 'bypass', status, headers, length, body: Buffer.alloc(0) };
    }

    /** With a credential: never joined by others, but stored if the response allows that (RFC 9111 3.5). */
    async privately(fetcher: Fetcher, request: CacheRequest, stale: CacheEntry | null): Promise<CacheAnswer> {
        const { flights, keyOf } = this.#options;
        const primaryKey = keyOf(request.pathAndQuery);
        this.#privateFlights += 1;
        // A flight of its own name: found by nobody, but outdated with all others of the URL.
        const name = `${primaryKey}\nprivate ${this.#privateFlights}`;
        const outcome = await flights.start(name, request.headers, (flight) =>
            fetcher.fetch({ request, primaryKey, stale, flight, range: undefined }),
        ).outcome;
        if (outcome.kind === 'entry') return answerOf(outcome.entry, this.#options.now());
        const { fill, status, headers } = outcome;
        return { disposition: 'bypass', status, headers, length: fill.length, body: fill };
    }

    /** A range that lies within a stored part (RFC 9111 3.3). */
    async findPart(key: string, request: CacheRequest, demands: RequestDemands): Promise<CacheAnswer | null> {
        const { store, now } = this.#options;
        const { range = '', ifRange } = request;
        const entry = await store.parts.findRange(key, request.headers, range);
        if (entry === null || entry.response.part === null) return null;
        const { headers } = entry.response;
        if (!allowsRange(ifRange === undefined ? {} : { 'if-range': ifRange }, headers)) return null;
        if (decideReuse(entry.policy, demands, now()) !== 'fresh') return null;
        const { first: start, total } = entry.response.part;
        const wanted = decideRange(range, total);
        if (wanted.kind !== 'part') return null;
        const { first, last } = wanted.range;
        const body = entry.object.body.subarray(first - start, last - start + 1);
        const own = { 'content-range': `bytes ${first}-${last}/${total}`, 'content-length': String(body.length) };
        const whole = answerOf(entry, now());
        return { ...whole, status: 206, headers: { ...whole.headers, ...own }, body };
    }

    async forward(request: UnsafeRequest): Promise<CacheAnswer> {
        const { upstream, store, flights, behaviour, maxObjectBytes, now, keyOf } = this.#options;
        return forwardUnsafe({
            upstream,
            request,
            now,
            maxObjectBytes,
            invalidate: (pathAndQuery) => {
                const key = keyOf(pathAndQuery);
                store.invalidate(key);
                flights.invalidate((other) => other === key || other.startsWith(`${key}\n`));
            },
            keep: (received, fill) => {
                const { status, headers } = received;
                const control = controlOf(headers);
                const policy = policyOf(received, behaviour);
                const isAuthorized = request.own.authorization !== undefined;
                if (!policy.isExplicit) return;
                if (!isStorable({ status, headers, control, policy, rules: behaviour, isAuthorized })) return;
                const put = async (body: Awaited<Fill['completed']>): Promise<void> => {
                    if (body !== null) await store.put(keyOf(request.pathAndQuery), request, received, body);
                };
                fill.completed.then(put).catch(() => undefined);
            },
        });
    }
}

function privateFields({ authorization, range, ifRange }: CacheRequest): HeaderMap {
    return {
        ...(authorization === undefined ? {} : { authorization }),
        ...(range === undefined ? {} : { range }),
        ...(ifRange === undefined ? {} : { 'if-range': ifRange }),
    };
}
