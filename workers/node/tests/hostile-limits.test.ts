import net from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { ask, Cleanup, codeOf, createWorld, raw, startOrigin, startTestNode, tempDir, until } from './support.js';
import { connect2, issue } from './tls-support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());
const LARGE = 64 << 20;

async function setUp(limits: Record<string, unknown> = {}) {
    const bomb = gzipSync(Buffer.alloc(20 << 20));
    const from = await startOrigin((request, response) => {
        const headers = { 'cache-control': request.url === '/large' ? 'no-store' : 'max-age=60' };
        if (request.url === '/large')
            return void response.writeHead(200, { ...headers, 'content-length': LARGE }).end(Buffer.alloc(LARGE));
        if (request.url === '/bomb')
            return void response.writeHead(200, { ...headers, 'content-encoding': 'gzip' }).end(bomb);
        if (request.url === '/lie')
            return void response.writeHead(200, { ...headers, 'content-encoding': 'gzip' }).end('plain');
        if (request.url === '/late') return void setTimeout(() => response.writeHead(200, headers).end('late'), 1_200);
        response.writeHead(200, { ...headers, 'content-length': 1_000 });
        response.end(Buffer.alloc(1_000, 'r'));
    });
    cleanup.add(() => from.close());
    const { cert, certPath, keyPath } = await issue(await tempDir(), ['localhost']);
    const tls = { listen: { port: 0 }, certificates: [{ certPath, keyPath }] };
    const node = await startTestNode({ world: createWorld(), parentUrl: from.url, config: { tls, limits } });
    cleanup.add(() => node.stop());
    const refused = async (reason: string): Promise<number> => {
        const text = (await ask(node.url, '/metrics', { localAddress: '127.9.9.9' })).body.toString();
        return Number(new RegExp(`reason="${reason}"[^}]*\\} (\\d+)$`, 'm').exec(text)?.[1]);
    };
    return { from, node, cert, bomb, refused };
}
const open = (url: string, localAddress: string): Promise<net.Socket> =>
    new Promise((resolve) => {
        const socket = net.connect({ host: '127.0.0.1', port: Number(new URL(url).port), localAddress }, () =>
            resolve(socket),
        );
        socket.on('error', () => undefined);
        cleanup.add(() => socket.destroy());
    });
const isAnswered = (socket: net.Socket): Promise<boolean> =>
    new Promise((resolve) => {
        socket.once('data', () => resolve(true));
        socket.once('close', () => resolve(false));
        socket.write('GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n');
    });

describe('a flood', () => {
    it('of header fields is refused, as is a second Host, and neither reaches the parent', async () => {
        const { node, from, refused } = await setUp();
        const many = Array.from({ length: 70 }, (_, index) => `x-${index}: 1\r\n`).join('');
        expect(await raw(node.url, `GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${many}\r\n`)).toMatch(
            /^HTTP\/1\.1 431 .*TOO_MANY_HEADERS/s,
        );
        const huge = Array.from({ length: 20_000 }, (_, index) => `${index}:1\r\n`).join('');
        expect(await raw(node.url, `GET /a HTTP/1.1\r\nHost: a\r\n${huge}\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
        const twice = await raw(node.url, 'GET /a HTTP/1.1\r\nHost: a\r\nHost: evil\r\nConnection: close\r\n\r\n');
        expect(twice).toMatch(/^HTTP\/1\.1 400 .*HOST_AMBIGUOUS/s);
        expect(from.requests).toHaveLength(0);
        expect(await refused('too_many_headers')).toBe(1);
    });

    it('of connections from one network is cut at its limit, on all listeners together; other networks go on', async () => {
        const { node, refused } = await setUp({ maxConnectionsPerPrefix: 3, unlimitedPrefixes: [] });
        const held = [
            await open(node.url, '127.1.0.1'),
            await open(node.url, '127.1.0.2'),
            await open(node.tlsUrl ?? '', '127.1.0.3'),
        ];
        expect(await isAnswered(await open(node.url, '127.1.0.4'))).toBe(false);
        expect(await isAnswered(await open(node.url, '127.1.1.4'))).toBe(true);
        expect(await isAnswered(held[0] as net.Socket)).toBe(true);
        held[1]?.destroy();
        await until(async () => isAnswered(await open(node.url, '127.1.0.5')), 'given back');
        expect(await refused('prefix_connections')).toBeGreaterThanOrEqual(1);
    });

    it('of requests from one network is answered by 429 until it slows down; other networks go on', async () => {
        const { node, refused } = await setUp({
            requestsPerPrefixPerSec: 1,
            requestBurstPerPrefix: 20,
            unlimitedPrefixes: [],
        });
        const get = (localAddress: string) => ask(node.url, '/a', { localAddress });
        const answers = await Promise.all(Array.from({ length: 60 }, () => get('127.1.0.1')));
        const limited = answers.filter(({ status }) => status === 429);
        expect(limited.length).toBeGreaterThan(10);
        expect([codeOf(limited[0] ?? (await get(''))), limited[0]?.headers['retry-after']]).toEqual([
            'MKT_NODE__TOO_MANY_REQUESTS',
            '1',
        ]);
        expect((await get('127.1.1.1')).status).toBe(200);
        expect(await refused('prefix_requests')).toBe(limited.length);
        await until(async () => (await get('127.1.0.99')).status === 200, 'let in again');
    });
});

describe('a viewer that hardly reads', () => {
    const limits = { minRateAfterMs: 500, idleTimeoutMs: 60_000 };

    it('is cut off over HTTP/1.1 and over HTTP/2, though it is never idle', async () => {
        const { node, cert, refused } = await setUp(limits);
        const slow = await open(node.url, '127.0.0.1');
        slow.pause();
        slow.write('GET /large HTTP/1.1\r\nHost: a\r\n\r\n');
        const nibble = setInterval(() => slow.read(10), 50);
        const session = connect2(node.tlsUrl ?? '', { ca: cert });
        cleanup.add(() => session.destroy());
        const stream = session.request({ ':path': '/large' }).pause();
        stream.on('error', () => undefined);
        await until(async () => (await refused('slow_reader')) === 2, 'both cut');
        clearInterval(nibble);
        expect(slow.bytesRead).toBeLessThan(LARGE);
        await until(() => node.status.read().requests === 2, 'recorded');
        expect(Number(node.status.read().servedBytes)).toBeLessThan(LARGE);
    });

    it('is told from one that waits for the parent, and from one that reads', async () => {
        const { node, refused } = await setUp(limits);
        expect((await ask(node.url, '/late')).body.toString()).toBe('late');
        expect((await ask(node.url, '/large')).body.length).toBe(LARGE);
        expect(await refused('slow_reader')).toBe(0);
    });
});

describe('a response', () => {
    it('to many ranges, or ranges that overlap, is no longer than the object, and fetched once', async () => {
        const { node, from } = await setUp();
        for (const range of [
            `bytes=${'0-,'.repeat(2_000)}0-`,
            'bytes=0-9,0-9,0-9',
            'bytes=0-1,5-6',
            'bytes=0-999,-1000',
        ]) {
            const answer = await ask(node.url, '/ranges', { headers: { range } });
            expect([answer.status, answer.body.length]).toEqual([200, 1_000]);
        }
        const parts = await Promise.all(
            Array.from({ length: 50 }, (_, at) => ask(node.url, '/parts', { headers: { range: `bytes=${at}-${at}` } })),
        );
        expect(parts.every(({ status, body }) => status === 206 && body.length === 1)).toBe(true);
        expect(from.requests.map(({ url }) => url)).toEqual(['/ranges', '/parts']);
        expect(from.requests.every(({ headers }) => headers.range === undefined)).toBe(true);
    });

    it('is passed on as it is encoded: nothing is decompressed, whatever it says of itself', async () => {
        const { node, bomb } = await setUp();
        const answer = await ask(node.url, '/bomb', { headers: { 'accept-encoding': 'gzip' } });
        expect(answer.body.equals(bomb)).toBe(true);
        const lie = await ask(node.url, '/lie', { headers: { 'accept-encoding': 'gzip' } });
        expect([lie.status, lie.body.toString(), lie.headers['content-encoding']]).toEqual([200, 'plain', 'gzip']);
        await until(() => node.status.read().requests === 2, 'recorded');
        expect(node.status.read().servedBytes).toBe(String(bomb.length + 5));
        expect(node.status.read().cache.bytes).toBeLessThan(bomb.length + 10_000);
    });
});
