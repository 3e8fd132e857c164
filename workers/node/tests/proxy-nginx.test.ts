import { readFile, rename } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { RECEIPTS_PATH } from '@ocm/sdk/http';
import { afterEach, describe, expect, it } from 'vitest';
import { AFTER_EPOCH_MS, evidenceOf } from './log-support.js';
import { NGINX, startProxied } from './nginx-support.js';
import { ask, Cleanup, codeOf, createWorld, startOrigin, startTestNode, until, Viewer, type World } from './support.js';
import { ask2, connect2 } from './tls-support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());
const BYTES = 50_000;

async function origin(handler?: (request: IncomingMessage, response: ServerResponse) => void) {
    const from = await startOrigin(
        handler ??
            ((_, response) => {
                response.writeHead(200, { 'content-length': BYTES, 'cache-control': 'max-age=600' });
                response.end(Buffer.alloc(BYTES, 'n'));
            }),
    );
    cleanup.add(() => from.close());
    return from;
}
/** The same visit to any node: misses, hits, a range, a HEAD, refusals, a receipt. */
async function visit(url: string, world: World): Promise<void> {
    const viewer = new Viewer(world);
    expect((await viewer.open(url)).status).toBe(200);
    for (const [path, status, bytes] of [
        ['/show/1.ts', 200, BYTES],
        ['/show/1.ts', 200, BYTES],
        ['/show/%31.ts?utm=1', 200, BYTES],
        ['/show/2.ts', 200, BYTES],
    ] as const) {
        const answer = await viewer.get(url, path);
        expect([answer.status, answer.body.length]).toEqual([status, bytes]);
    }
    const part = await viewer.get(url, '/show/1.ts', { headers: { range: 'bytes=0-99' } });
    expect([part.status, part.body.length]).toEqual([206, 100]);
    expect((await viewer.get(url, '/show/1.ts', { method: 'HEAD' })).status).toBe(200);
    const receipt = { seq: 1, objects: 5, bytes: BigInt(4 * BYTES + 100) };
    await until(async () => (await viewer.acknowledge(url, receipt)).status === 200, 'receipt taken');
}
/** What is the same however it was delivered: all but times, and the length of header sections. */
async function factsOf(url: string, world: World): Promise<string[][]> {
    const { sessions } = await evidenceOf(url, world);
    const names = ['cs-method', 'cs-uri', 'u-uri', 'protocol', 'sc-status', 'sc-entity-bytes', 's-ccid', 's-cached'];
    return sessions.flatMap(({ records }) =>
        records.map(({ fields }) =>
            fields.filter(({ name }) => names.includes(name)).map(({ name, value }) => `${name}=${value}`),
        ),
    );
}

describe.skipIf(NGINX === null)('nginx that delivers for a node', () => {
    it('leaves the evidence that the node itself would have left', async () => {
        const from = await origin();
        const [clock, nowMs] = [{ shiftMs: 0 }, Date.now()];
        const proxied = await startProxied({ parentUrl: from.url, cleanup, clock, world: createWorld({ nowMs }) });
        await visit(proxied.url, proxied.world);
        await until(() => proxied.node.status.read().requests === 6, 'records taken');
        const alone = createWorld({ nowMs });
        const deps = { now: () => Date.now() + clock.shiftMs };
        const node = await startTestNode({ world: alone, parentUrl: from.url, deps });
        cleanup.add(() => node.stop());
        await visit(node.url, alone);
        await until(() => node.status.read().requests === 6, 'recorded');
        clock.shiftMs = AFTER_EPOCH_MS;
        const byProxy = await factsOf(proxied.node.url, proxied.world);
        expect(byProxy).toHaveLength(6);
        expect(byProxy[0]).toContain(`sc-entity-bytes=${BYTES}`);
        expect(byProxy).toEqual(await factsOf(node.url, alone));
        expect(proxied.node.status.read().receiptedBytes).toBe(node.status.read().receiptedBytes);
        const log = await readFile(proxied.accessLog, 'utf8');
        expect(log.trim().split('\n')).toHaveLength(6);
        expect(log + (await proxied.errorLog())).not.toContain('127.0.0.1');
    });

    it('serves no session that is out of credit, unknown or refused: the node tells why', async () => {
        const from = await origin();
        const world = createWorld({ creditBytes: 60_000 });
        const { url, node } = await startProxied({ parentUrl: from.url, cleanup, world });
        const viewer = new Viewer(world);
        await viewer.open(url);
        for (const path of ['/a', '/b']) expect((await viewer.get(url, path)).status).toBe(200);
        await until(() => node.status.read().requests === 2, 'records taken');
        const refused = await viewer.get(url, '/c');
        expect([refused.status, codeOf(refused)]).toEqual([402, 'MKT_NODE__CREDIT_EXHAUSTED']);
        const unknown = await ask(url, '/c', { headers: { 'ocm-session': 'a'.repeat(64) } });
        expect(codeOf(unknown)).toBe('MKT_NODE__SESSION_UNKNOWN');
        // The name of the node is on what the origin refuses only: by it viewers know whether their session is over.
        for (const { headers } of [refused, unknown]) expect(headers['ocm-node']).toBeUndefined();
        expect(codeOf(await ask(url, '/c', { headers: { 'ocm-session': 'x' } }))).toBe('MKT_NODE__SESSION_MALFORMED');
        expect((await viewer.acknowledge(url, { bytes: BigInt(2 * BYTES), objects: 2 })).status).toBe(200);
        expect((await viewer.get(url, '/c')).status).toBe(200);
        expect(codeOf(await ask(url, '/a%2fb'))).toBe('MKT_NODE__PATH_INVALID');
        expect(codeOf(await ask(url, '/a', { method: 'PUT' }))).toBe('MKT_NODE__METHOD_NOT_ALLOWED');
        expect((await ask(url, '/a', { method: 'OPTIONS' })).status).toBe(204);
        expect((await ask(url, RECEIPTS_PATH)).status).toBe(405);
        expect((await ask(url, '/metrics')).status).toBe(404);
        expect((await ask(url, '/.well-known/ocm/proxy/admission')).status).toBe(404);
        expect((await ask(url, '/.well-known/ocm/internal/admission')).status).toBe(404);
    });

    it('puts the name of the node on what the origin refuses', async () => {
        const from = await origin((_, response) => response.writeHead(403).end('not yet'));
        const { url, node, world } = await startProxied({ parentUrl: from.url, cleanup });
        const viewer = new Viewer(world);
        await viewer.open(url);
        for (const base of [url, node.url]) {
            const { status, headers } = await viewer.get(base, '/a');
            expect([status, headers['ocm-node']]).toEqual([403, node.config.node]);
            expect(headers['access-control-expose-headers']).toContain('ocm-node');
        }
    });

    it('is not steered by unkeyed headers of a viewer, nor by X-Accel headers of a parent', async () => {
        const from = await origin((request, response) => {
            response.writeHead(200, {
                'cache-control': 'max-age=600',
                'x-accel-redirect': '/.well-known/ocm/internal/admission',
                'x-accel-expires': '3600',
                'ocm-node': 'forged',
                'access-control-allow-origin': 'http://evil.example',
            });
            response.end(`${request.url} ${request.headers['x-forwarded-host'] ?? ''}`);
        });
        const { url, node } = await startProxied({ parentUrl: from.url, cleanup });
        const headers = { 'x-forwarded-host': 'evil.example', cookie: 'a=b', 'x-original-url': '/admin' };
        const poisoned = await ask(url, '/p?utm=evil', { headers });
        const clean = await ask(url, '/p');
        for (const { status, body, headers: told } of [poisoned, clean]) {
            expect([status, body.toString()]).toEqual([200, '/p ']);
            expect([told['ocm-node'], told['access-control-allow-origin']]).toEqual([node.config.node, '*']);
        }
        expect([poisoned.headers['ocm-cache'], clean.headers['ocm-cache']]).toEqual(['miss', 'hit']);
        expect(Object.keys(from.requests[0]?.headers ?? {}).sort()).toEqual(['accept-encoding', 'cdn-loop', 'host']);
        expect(await ask(url, '/p', { headers: { 'cdn-loop': node.config.node } }).then(codeOf)).toBe('MKT_NODE__LOOP');
    });

    it('serves HTTP/2 over TLS with the certificate of the node', async () => {
        const from = await origin();
        const { tlsUrl, cert, node } = await startProxied({ parentUrl: from.url, cleanup });
        const session = connect2(tlsUrl, { ca: cert });
        cleanup.add(() => session.destroy());
        const [first, second] = [await ask2(session, '/a'), await ask2(session, '/a', { range: 'bytes=1-2' })];
        expect([first.body.length, second.status, second.headers['ocm-cache']]).toEqual([BYTES, 206, 'hit']);
        expect(codeOf(await ask2(session, '/a', { 'ocm-session': 'x' }))).toBe('MKT_NODE__SESSION_MALFORMED');
        await until(() => node.status.read().requests === 2, 'recorded');
        expect(node.status.read().servedBytes).toBe(String(BYTES + 2));
    });

    it('loses and doubles no record when its log is rotated and the node restarts', async () => {
        const from = await origin();
        const proxied = await startProxied({ parentUrl: from.url, cleanup });
        const get = async (count: number): Promise<void> => {
            for (let index = 0; index < count; index += 1)
                expect((await ask(proxied.url, `/${index}`)).status).toBe(200);
        };
        await get(3);
        await rename(proxied.accessLog, `${proxied.accessLog}.1`);
        await get(2);
        proxied.signal('SIGUSR1');
        await until(
            () =>
                readFile(proxied.accessLog).then(
                    () => true,
                    () => false,
                ),
            'reopened',
        );
        await get(4);
        await until(() => proxied.node.status.read().requests === 9, 'records taken');
        await proxied.restartNode();
        await get(1);
        await until(() => proxied.node.status.read().requests === 10, 'records taken');
        await new Promise((resolve) => setTimeout(resolve, 200));
        expect(proxied.node.status.read().servedBytes).toBe(String(10 * BYTES));
    });
});
