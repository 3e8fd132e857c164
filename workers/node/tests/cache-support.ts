import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ReverseProxyOptions, startReverseProxy } from '../src/roles/reverse-proxy.js';
import { type Answer, type Ask, ask, Cleanup, type Origin, startOrigin } from './support.js';

export const cleanup = new Cleanup();

export interface TestProxy {
    origin: Origin;
    url: string;
    get(path: string, ask_?: Ask): Promise<Answer>;
    /** Answers that came from the origin, by method and path, in order. */
    seen(): string[];
}

/** The real cache before a real origin, both on loopback. */
export async function startProxy(
    handler: (request: IncomingMessage, response: ServerResponse) => void,
    { behaviour = {}, ...options }: Partial<ReverseProxyOptions> = {},
): Promise<TestProxy> {
    const origin = await startOrigin(handler);
    cleanup.add(() => origin.close());
    const proxy = await startReverseProxy({
        parentUrl: origin.url,
        host: '127.0.0.1',
        port: 0,
        memoryBytes: 1 << 20,
        maxObjectBytes: 1 << 20,
        behaviour,
        ...options,
    });
    cleanup.add(() => proxy.stop());
    return {
        origin,
        url: proxy.url,
        get: (path, ask_) => ask(proxy.url, path, ask_),
        seen: () => origin.requests.map(({ method, url }) => `${method} ${url}`),
    };
}

/** An origin that answers each path by a list of answers, the last of them for ever. */
export function scripted(
    answers: Record<string, { status?: number; headers?: Record<string, string | string[]>; body?: string }[]>,
): (request: IncomingMessage, response: ServerResponse) => void {
    const asked = new Map<string, number>();
    return (request, response) => {
        request.resume();
        const name = `${request.method} ${request.url}`;
        const list = answers[name] ?? answers[request.url ?? ''] ?? [];
        const turn = asked.get(name) ?? 0;
        asked.set(name, turn + 1);
        const { status = 200, headers = {}, body = '' } = list[Math.min(turn, list.length - 1)] ?? { status: 404 };
        response.writeHead(status, headers).end(body);
    };
}

/** Ten bytes, each its own position. */
export const OBJECT = '0123456789';

/** Cuts ranges as an origin does; `etag` may change from one request to the next. */
export function ranged(etag: () => string | undefined): (request: IncomingMessage, response: ServerResponse) => void {
    return (request, response) => {
        const tag = etag();
        const fresh = { 'cache-control': 'max-age=60' };
        const headers = tag === undefined ? fresh : { ...fresh, etag: tag };
        const match = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
        const condition = request.headers['if-range'];
        if (match === null || (condition !== undefined && condition !== tag)) {
            return response.writeHead(200, { ...headers, 'content-length': OBJECT.length }).end(OBJECT);
        }
        const first = Number(match[1]);
        const last = match[2] === '' ? OBJECT.length - 1 : Number(match[2]);
        const range = { 'content-range': `bytes ${first}-${last}/${OBJECT.length}` };
        return response.writeHead(206, { ...headers, ...range }).end(OBJECT.slice(first, last + 1));
    };
}
