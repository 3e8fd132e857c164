import type { IncomingMessage, ServerResponse } from 'node:http';
import { CACHE_HEADER, NODE_HEADER } from '@ocm/sdk/http';
import { allowsRange, isNotModified } from '../cache/conditional.js';
import { Fill } from '../cache/fill.js';
import { forwardedRequestHeaders } from '../cache/headers.js';
import type { CacheAnswer, ObjectCache } from '../cache/object-cache.js';
import { decideRange } from '../cache/ranges.js';
import type { MediaTarget } from '../cache/target.js';
import { CORS_HEADERS } from '../http/cors.js';
import type { RepeatedRequests } from '../http/repeats.js';
import { type SentBytes, send } from '../http/send.js';

/** Names of nodes on the way (RFC 8586): a request that meets its own node again is a loop of parents. */
export const LOOP_HEADER = 'cdn-loop';

export interface MediaOptions {
    node: string;
    cache: ObjectCache;
    /** Remembers answers that may be given again without a look at the request. */
    repeats?: RepeatedRequests;
}
export interface MediaInput {
    request: IncomingMessage;
    response: ServerResponse;
    target: MediaTarget;
    gate?: (bytes: number) => Promise<void>;
}
export interface MediaResult extends SentBytes {
    status: number;
    /** Served wholly from this node's store. */
    isCached: boolean;
}
interface Reply {
    status: number;
    headers: Record<string, string>;
    body: Buffer | AsyncIterable<Buffer>;
}

/** Answers one request for an object from the cache or through it. @throws RequestProblem before anything was sent */
export async function serveMedia({ node, cache, repeats }: MediaOptions, input: MediaInput): Promise<MediaResult> {
    const { request, response, target } = input;
    const pathAndQuery = target.keyedQuery === '' ? target.path : `${target.path}?${target.keyedQuery}`;
    const loop = request.headers[LOOP_HEADER];
    const answer = await cache.lookup({
        method: request.method === 'HEAD' ? 'HEAD' : 'GET',
        pathAndQuery,
        headers: forwardedRequestHeaders(request.headers),
        loop: loop === undefined ? node : `${String(loop)}, ${node}`,
        authorization: request.headers.authorization,
        range: request.headers.range,
        ifRange: typeof request.headers['if-range'] === 'string' ? request.headers['if-range'] : undefined,
        onlyIfCached: /\bonly-if-cached\b/i.test(request.headers['cache-control'] ?? ''),
    });
    const { status, headers: own, body } = replyFor(request, answer);
    const headers: Record<string, string> = {
        ...own,
        ...CORS_HEADERS,
        [NODE_HEADER]: node,
        [CACHE_HEADER]: answer.disposition,
    };
    const sent = await send({ ...input, request, response, status, headers, body });
    // Parts are made anew for each request.
    if (sent.completed && answer.repeatable !== undefined && status !== 206 && Buffer.isBuffer(body)) {
        const hasBody = request.method !== 'HEAD' && status !== 304;
        const { age: _, ...lasting } = headers;
        const prepared = { ...answer.repeatable, status, headers: lasting, hasBody };
        repeats?.learn(request, prepared, hasBody ? body.length : 0);
    }
    return { ...sent, status, isCached: answer.disposition === 'hit' };
}

/** Conditions before ranges, as RFC 9110 13.2.2 orders them. */
function replyFor(request: IncomingMessage, answer: CacheAnswer): Reply {
    const headers = { ...answer.headers };
    const { status, length } = answer;
    if (status === 200 && isNotModified(request.headers, headers)) {
        drop(answer);
        delete headers['content-length'];
        return { status: 304, headers, body: Buffer.alloc(0) };
    }
    // Of an unknown length no Content-Range can be told, and a parent that cut the range itself has answered 206.
    if (status !== 200 || length === undefined) return { status, headers, body: reader(answer, request) };
    headers['accept-ranges'] = 'bytes';
    headers['content-length'] = String(length);
    const wanted =
        request.method === 'GET' && allowsRange(request.headers, headers) ? request.headers.range : undefined;
    const decision = decideRange(wanted, length);
    if (decision.kind === 'unsatisfiable') {
        drop(answer);
        return {
            status: 416,
            headers: { 'content-range': `bytes */${length}`, 'content-length': '0', 'cache-control': 'no-store' },
            body: Buffer.alloc(0),
        };
    }
    if (decision.kind === 'whole') return { status, headers, body: reader(answer, request) };
    const { first, last } = decision.range;
    headers['content-range'] = `bytes ${first}-${last}/${length}`;
    headers['content-length'] = String(last - first + 1);
    const { body } = answer;
    return {
        status: 206,
        headers,
        body: body instanceof Fill ? body.read(first, last) : body.subarray(first, last + 1),
    };
}

function reader(answer: CacheAnswer, request: IncomingMessage): Buffer | AsyncIterable<Buffer> {
    if (!(answer.body instanceof Fill)) return answer.body;
    if (request.method !== 'HEAD') return answer.body.read();
    drop(answer);
    return Buffer.alloc(0);
}

function drop({ body }: CacheAnswer): void {
    if (body instanceof Fill) body.abandon();
}
