import type { Readable } from 'node:stream';
import { Fill } from './fill.js';
import { type HeaderMap, parseLength } from './headers.js';
import type { CacheAnswer, CacheRequest } from './request.js';
import type { ReceivedResponse } from './semantics/freshness.js';
import { invalidatedPaths, isSafe, sameOriginPath } from './semantics/invalidation.js';
import type { Upstream } from './upstream.js';

/** A request by a method other than GET and HEAD, for a face that lets such through. */
export interface UnsafeRequest extends Pick<CacheRequest, 'pathAndQuery' | 'headers' | 'loop' | 'onInterim'> {
    method: string;
    /** Fields that the cache keeps from safe requests: credential, conditions, length of the body. */
    own: HeaderMap;
    body?: Readable;
}
export interface ForwardInput {
    upstream: Upstream;
    request: UnsafeRequest;
    now: () => number;
    invalidate: (pathAndQuery: string) => void;
    /** Largest body of an answer that may be stored. */
    maxObjectBytes: number;
    /** Keeps the answer to a POST that is the representation at its own URL, if it may be kept. */
    keep: (received: ReceivedResponse, fill: Fill) => void;
}

/** Passes a request on and removes what its success changes (RFC 9111 4.4), before the viewer learns of the success. */
export async function forwardUnsafe({
    upstream,
    request,
    now,
    invalidate,
    maxObjectBytes,
    keep,
}: ForwardInput): Promise<CacheAnswer> {
    const { method, pathAndQuery, loop, onInterim } = request;
    const requestTimeMs = now();
    const { status, headers, body } = await upstream.fetch({
        method,
        path: pathAndQuery,
        headers: { ...request.headers, ...request.own, ...(loop === undefined ? {} : { 'cdn-loop': loop }) },
        onInterim,
        ...(request.body === undefined ? {} : { body: request.body }),
    });
    const origin = new URL(upstream.urlOf('/')).origin;
    if (!isSafe(method)) for (const path of invalidatedPaths(origin, pathAndQuery, status, headers)) invalidate(path);
    // RFC 9110 9.3.3: a POST answered with its own URL in Content-Location is what a GET would be answered with.
    const names = headers['content-location'];
    const isOwn =
        method === 'POST' && names !== undefined && sameOriginPath(origin, pathAndQuery, names) === pathAndQuery;
    const length = parseLength(headers);
    const retain = isOwn && status === 200 && (length ?? 0) <= maxObjectBytes;
    const fill = new Fill({ source: body, length, retain, maxBytes: maxObjectBytes });
    if (retain) keep({ status, headers, requestTimeMs, responseTimeMs: now() }, fill);
    return { disposition: 'bypass', status, headers, length, body: fill };
}
