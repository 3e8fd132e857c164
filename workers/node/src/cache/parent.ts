import type { HeaderMap } from './headers.js';
import type { CacheRequest } from './request.js';
import { parseHttpDate } from './semantics/dates.js';
import type { ReceivedResponse } from './semantics/freshness.js';
import type { Upstream, UpstreamResponse } from './upstream.js';

/** A response of the parent with the times that its age is counted from. */
export interface ParentResponse extends ReceivedResponse {
    body: UpstreamResponse['body'];
}
export interface AskInput {
    method: 'GET' | 'HEAD';
    request: CacheRequest;
    extra?: HeaderMap;
    signal?: AbortSignal;
}

/** The one who is asked on a miss. */
export class Parent {
    fetches = 0;
    readonly #upstream: Upstream;
    readonly #now: () => number;

    constructor(upstream: Upstream, now: () => number) {
        this.#upstream = upstream;
        this.#now = now;
    }

    async ask({ method, request, extra = {}, signal }: AskInput): Promise<ParentResponse> {
        const requestTimeMs = this.#now();
        this.fetches += 1;
        const loop: HeaderMap = request.loop === undefined ? {} : { 'cdn-loop': request.loop };
        const { status, headers, body } = await this.#upstream.fetch({
            method,
            path: request.pathAndQuery,
            headers: { ...request.headers, ...extra, ...loop },
            signal,
            onInterim: request.onInterim,
        });
        const responseTimeMs = this.#now();
        return { status, headers: dated(headers, responseTimeMs), body, requestTimeMs, responseTimeMs };
    }

    /** Asks a second time if the first is silent for too long; the first that answers is heard, the other is hung up on. */
    async askPatiently(input: AskInput, patienceMs: number): Promise<ParentResponse> {
        const attempts: { controller: AbortController; response: ParentResponse | null }[] = [];
        const begin = async (): Promise<ParentResponse> => {
            const attempt: (typeof attempts)[number] = { controller: new AbortController(), response: null };
            attempts.push(attempt);
            attempt.response = await this.ask({ ...input, signal: attempt.controller.signal });
            return attempt.response;
        };
        let timer: NodeJS.Timeout | undefined;
        const first = begin();
        const second = new Promise<ParentResponse>((resolve, reject) => {
            timer = setTimeout(() => begin().then(resolve, reject), patienceMs);
            // A first attempt that fails has failed: only silence is worth a second one.
            first.catch((error: unknown) => (attempts.length === 1 ? reject(error) : undefined));
        });
        try {
            const winner = await Promise.any([first, second]);
            for (const { controller, response } of attempts) if (response !== winner) controller.abort();
            return winner;
        } catch (error) {
            throw error instanceof AggregateError ? error.errors[0] : error;
        } finally {
            clearTimeout(timer);
        }
    }
}

/** Whether a request came with names in its CDN-Loop (RFC 8586): the last is the name that this node has put there itself. */
export const bringsNames = (loop = ''): boolean => loop.includes(',');

/** What a fetch of this node's own is sent with, whichever request made it necessary. */
export const withoutNamesBrought = (loop: string): string => loop.slice(loop.lastIndexOf(',') + 1).trim();

/** A response without a time that can be read is given that of its arrival (RFC 9110 6.6.1). */
function dated(headers: HeaderMap, responseTimeMs: number): HeaderMap {
    if (parseHttpDate(headers.date, responseTimeMs) !== undefined) return headers;
    return { ...headers, date: new Date(responseTimeMs).toUTCString() };
}
