import type { IncomingMessage, ServerResponse } from 'node:http';
import { CACHE_HEADER, NODE_HEADER } from '@ocm/sdk/http';
import { forwardedRequestHeaders } from '../cache/headers.js';
import type { ObjectCache } from '../cache/object-cache.js';
import { replyFor } from '../cache/reply.js';
import type { MediaTarget } from '../cache/target.js';
import { takeCookies } from '../http/cookies.js';
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
    /** Of the viewer's session. */
    contract?: string;
    gate?: (bytes: number) => Promise<void>;
}
export interface MediaResult extends SentBytes {
    status: number;
    /** Served wholly from this node's store. */
    isCached: boolean;
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
        contract: input.contract,
        loop: loop === undefined ? node : `${String(loop)}, ${node}`,
        authorization: request.headers.authorization,
        range: request.headers.range,
        ifRange: typeof request.headers['if-range'] === 'string' ? request.headers['if-range'] : undefined,
        onlyIfCached: /\bonly-if-cached\b/i.test(request.headers['cache-control'] ?? ''),
    });
    const { status, headers: own, body } = replyFor(request, answer);
    const headers: Record<string, string> = {
        ...takeCookies(own, response),
        ...CORS_HEADERS,
        [NODE_HEADER]: node,
        [CACHE_HEADER]: answer.disposition,
    };
    const sent = await send({ ...input, request, response, status, headers, body });
    // Parts are made anew for each request; a cookie has gone into the response already.
    const isWhole = status !== 206 && own['set-cookie'] === undefined && Buffer.isBuffer(body);
    if (isWhole && sent.completed && answer.repeatable !== undefined) {
        const hasBody = request.method !== 'HEAD' && status !== 304;
        const { age: _, ...lasting } = headers;
        const prepared = { ...answer.repeatable, status, headers: lasting, hasBody };
        repeats?.learn(request, prepared, hasBody ? body.length : 0);
    }
    return { ...sent, status, isCached: answer.disposition === 'hit' };
}
