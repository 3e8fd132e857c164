import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { isIP } from 'node:net';
import { PassThrough, type Readable } from 'node:stream';
import { listen } from '@ocm/runtime';
import type { CacheBehaviour } from '../cache/behaviour.js';
import { proxiedRequestHeaders, toHeaderMap } from '../cache/headers.js';
import { type CacheAnswer, ObjectCache } from '../cache/object-cache.js';
import { replyFor } from '../cache/reply.js';
import { openStorage } from '../cache/storage/open-storage.js';
import { MAX_TARGET_BYTES } from '../cache/target.js';
import { createUpstream } from '../cache/upstream.js';
import { takeCookies } from '../http/cookies.js';
import { forwardInterim } from '../http/interim.js';
import { problemOf, sendProblem } from '../http/json.js';
import { RequestProblem } from '../http/problem.js';
import { send } from '../http/send.js';
import { createNodeServer, drain } from '../http/server.js';

/** Two round trips and a slow disk; a plain proxy has nothing else to wait for. */
const DRAIN_GRACE_MS = 2_000;
const REQUEST_FIELDS = ['authorization', 'if-none-match', 'if-modified-since', 'if-match', 'if-unmodified-since'];

export interface ReverseProxyOptions {
    parentUrl: string;
    host: string;
    port: number;
    memoryBytes: number;
    maxObjectBytes: number;
    behaviour: Partial<CacheBehaviour>;
}
export interface RunningProxy {
    url: string;
    stop(): Promise<void>;
}

/** The cache of a node as a plain reverse proxy: every method, every field and the whole query reach the parent. */
export async function startReverseProxy(options: ReverseProxyOptions): Promise<RunningProxy> {
    const { parentUrl, host, port, memoryBytes, maxObjectBytes, behaviour } = options;
    if (isIP(host) === 0) throw new TypeError(`host must be an IP address, not "${host}"`);
    const upstream = createUpstream(parentUrl);
    const storage = await openStorage({ folder: null, memoryBytes, diskBytes: 0, onError: () => undefined });
    const cache = new ObjectCache({ upstream, storage, maxObjectBytes, behaviour });
    const server: Server = createNodeServer((request, response) => {
        answer(cache, request, response).catch((error: unknown) => sendProblem(response, problemOf(error)));
    });
    const { url } = await listen({ server, host, port });
    return {
        url,
        async stop() {
            await drain(server, DRAIN_GRACE_MS);
            await upstream.close();
        },
    };
}

async function answer(cache: ObjectCache, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = request.url ?? '';
    if (!target.startsWith('/') || Buffer.byteLength(target) > MAX_TARGET_BYTES) {
        throw new RequestProblem(400, 'MKT_NODE__PATH_INVALID', 'Send an absolute path of at most 2 KiB.');
    }
    const found = await find(cache, request, response);
    const { status, headers, body } = replyFor(request, found);
    await send({ request, response, status, headers: takeCookies(headers, response), body });
}

function find(cache: ObjectCache, request: IncomingMessage, response: ServerResponse): Promise<CacheAnswer> {
    const { method = 'GET', url: pathAndQuery = '/' } = request;
    const headers = proxiedRequestHeaders(request.headers);
    const fields = toHeaderMap(request.headers);
    const onInterim = forwardInterim(response);
    if (method === 'GET' || method === 'HEAD') {
        const { authorization, range, 'if-range': ifRange, 'cache-control': cacheControl, pragma } = fields;
        const onlyIfCached = /\bonly-if-cached\b/i.test(cacheControl ?? '');
        return cache.lookup({
            ...{ method, pathAndQuery, headers, onInterim, authorization },
            ...{ range, ifRange, cacheControl, pragma, onlyIfCached },
        });
    }
    const own = Object.fromEntries(REQUEST_FIELDS.flatMap((name) => (fields[name] ? [[name, fields[name]]] : [])));
    const length = fields['content-length'];
    const hasBody = length !== undefined || fields['transfer-encoding'] !== undefined;
    if (length !== undefined) own['content-length'] = length;
    return cache.forward({
        method,
        pathAndQuery,
        headers,
        own,
        onInterim,
        ...(hasBody ? { body: bodyOf(request) } : {}),
    });
}

/** A stream of its own: the client destroys what it has sent, and with the request its response would go. */
function bodyOf(request: IncomingMessage): Readable {
    const body = new PassThrough();
    request.once('close', () => {
        if (!request.complete) body.destroy(new Error('the viewer left'));
    });
    return request.pipe(body);
}
