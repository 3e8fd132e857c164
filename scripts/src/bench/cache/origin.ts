import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Long enough that all requests of a collapse come while the first is under way. */
const SLOW_MS = 1_500;

export type Origin = { url: string; port: number; fetches: number; close(): Promise<void> };

/** `/b/<bytes>/<name>`: a cacheable object of that length; `/slow/<bytes>/<name>`: the same, late. */
export async function startOrigin(): Promise<Origin> {
    const bodies = new Map<number, Buffer>();
    const server = createServer((request, response) => {
        origin.fetches += 1;
        const [, kind, size, name] = (request.url ?? '').split('/');
        const bytes = Number(size);
        const body = bodies.get(bytes) ?? Buffer.alloc(bytes, 'x');
        bodies.set(bytes, body);
        const answer = (): void => {
            response.writeHead(200, {
                'content-type': 'video/iso.segment',
                'content-length': body.length,
                'cache-control': 'public, max-age=86400',
                etag: `"${bytes}-${name}"`,
            });
            response.end(body);
        };
        if (kind === 'slow') setTimeout(answer, SLOW_MS);
        else answer();
    });
    server.maxConnections = 20_000;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', 20_000, resolve));
    const { port } = server.address() as AddressInfo;
    const origin: Origin = {
        url: `http://127.0.0.1:${port}`,
        port,
        fetches: 0,
        close: () =>
            new Promise((resolve) => {
                server.close(() => resolve());
                server.closeAllConnections();
            }),
    };
    return origin;
}
