import type { IncomingMessage, ServerResponse } from 'node:http';
import { CACHE_HEADER, NODE_HEADER } from '@ocm/sdk/http';
import { forwardedRequestHeaders } from '../cache/headers.js';
import type { ObjectCache } from '../cache/object-cache.js';
import { replyFor } from '../cache/reply.js';
import type { MediaTarget } from '../cache/target.js';
import { takeCookies } from '../http/cookies.js';
import { CORS_HEADERS } from '../http/cors.js';
import { type SentBytes, send } from '../http/send.js';

/** Names of nodes on the way (RFC 8586): a request that meets its own node again is a loop of parents. */
export const LOOP_HEADER = 'cdn-loop';

export interface MediaOptions {
    node: string;
    cache: ObjectCache;
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

/** Answers one request for an object from the cache or through it. @throws RequestProblem before anything was sent */
export async function serveMedia({ node, cache }: MediaOptions, input: MediaInput): Promise<MediaResult> {
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
    const { status, headers, body } = replyFor(request, answer);
    const sent = await send({
        ...input,
        request,
        response,
        status,
        headers: {
            ...takeCookies(headers, response),
            ...CORS_HEADERS,
            [NODE_HEADER]: node,
            [CACHE_HEADER]: answer.disposition,
        },
        body,
    });
    return { ...sent, status, isCached: answer.disposition === 'hit' };
}
