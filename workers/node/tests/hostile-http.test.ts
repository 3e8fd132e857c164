import net from 'node:net';
import { errorBody } from '@ocm/sdk/http';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseTarget } from '../src/cache/target.js';
import { ask, Cleanup, codeOf, createWorld, type Origin, post, raw, startOrigin, startTestNode } from './support.js';

const cleanup = new Cleanup();
let from: Origin;
let node: Awaited<ReturnType<typeof startTestNode>>;

beforeAll(async () => {
    from = await startOrigin((request, response) => {
        response.writeHead(200, { 'cache-control': 'max-age=60' });
        response.end(request.url);
    });
    cleanup.add(() => from.close());
    node = await startTestNode({
        world: createWorld(),
        parentUrl: from.url,
        deps: { limits: { http: { headersTimeoutMs: 500, requestTimeoutMs: 1_000, idleTimeoutMs: 2_000 } } },
    });
    cleanup.add(() => node.stop());
});
afterAll(() => cleanup.run());

describe('a path', () => {
    it.each([
        ['/a/../../etc/passwd', 'MKT_NODE__PATH_INVALID'],
        ['/..', 'MKT_NODE__PATH_INVALID'],
        ['/%2e%2e/x', 'MKT_NODE__PATH_INVALID'],
        ['/a%2fb', 'MKT_NODE__PATH_INVALID'],
        ['/a%2Fb', 'MKT_NODE__PATH_INVALID'],
        ['/a%5cb', 'MKT_NODE__PATH_INVALID'],
        ['/a\\b', 'MKT_NODE__PATH_INVALID'],
        ['/a%00', 'MKT_NODE__PATH_INVALID'],
        ['/a%0d%0aset-cookie:x', 'MKT_NODE__PATH_INVALID'],
        ['/a%7f', 'MKT_NODE__PATH_INVALID'],
        ['/a%', 'MKT_NODE__PATH_INVALID'],
        ['/a%4', 'MKT_NODE__PATH_INVALID'],
        ['/a%zz', 'MKT_NODE__PATH_INVALID'],
        ['/a#b', 'MKT_NODE__PATH_INVALID'],
        ['/a"b', 'MKT_NODE__PATH_INVALID'],
        ['/a?q="', 'MKT_NODE__PATH_INVALID'],
        ['http://127.0.0.1:1/a', 'MKT_NODE__MISDIRECTED'],
        ['*', 'MKT_NODE__MISDIRECTED'],
        ['/x/../.well-known/ocm/status', 'MKT_NODE__PATH_UNKNOWN'],
        ['/%2ewell-known/ocm/operator/logs', 'MKT_NODE__PATH_UNKNOWN'],
        ['/.well-known/ocm/nothing', 'MKT_NODE__PATH_UNKNOWN'],
        ['/.well-known/ocm/route', 'MKT_NODE__PATH_UNKNOWN'],
    ])('%s is refused and never reaches the parent', async (path, code) => {
        const before = from.requests.length;
        const answer = await ask(node.url, path);
        expect(codeOf(answer)).toBe(code);
        expect(errorBody.safeParse(JSON.parse(answer.body.toString())).success).toBe(true);
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expect(answer.status).toBeLessThan(500);
        expect(from.requests.length).toBe(before);
    });

    it('over 2 KiB is a 414 with an error body; of exactly 2 KiB it is served', async () => {
        const answer = await ask(node.url, `/${'a'.repeat(2048)}`);
        expect(answer.status).toBe(414);
        expect(codeOf(answer)).toBe('MKT_NODE__PATH_TOO_LONG');
        expect((await ask(node.url, `/${'a'.repeat(2047)}`)).status).toBe(200);
        expect((await ask(node.url, `/.well-known/ocm/status?${'a'.repeat(2048)}`)).status).toBe(414);
    });

    it('in other spellings is the same object', async () => {
        for (const path of ['/n/%61/b', '/n/./a/b', '/n/x/../a/b', '/n/a/%62']) {
            expect((await ask(node.url, path)).body.toString()).toBe('/n/a/b');
        }
        expect((await ask(node.url, '/n/a/b')).headers['ocm-cache']).toBe('hit');
    });

    it('normalises to itself, whatever it was', () => {
        const segment = fc.oneof(
            fc.constantFrom('.', '..', '', '%41', '%2e', '%2F', '%e4', 'a b', '%', 'ä'),
            fc.string({ maxLength: 5 }),
        );
        fc.assert(
            fc.property(fc.array(segment, { maxLength: 8 }), (segments) => {
                let path: string;
                try {
                    path = parseTarget(`/${segments.join('/')}`).path;
                } catch {
                    return;
                }
                expect(parseTarget(path).path).toBe(path);
                expect(path.startsWith('/')).toBe(true);
                expect(path.split('/')).not.toContain('..');
                // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these must not be there
                expect(/[\u0000-\u0020\\]|%2f|%5c|%00/i.test(path)).toBe(false);
            }),
            { numRuns: 2_000 },
        );
    });
});

describe('framing', () => {
    const head = 'Host: node\r\n';
    it.each([
        [
            'both lengths',
            `POST /.well-known/ocm/receipts HTTP/1.1\r\n${head}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
        ],
        ['two lengths', `GET /a HTTP/1.1\r\n${head}Content-Length: 0\r\nContent-Length: 5\r\n\r\nhello`],
        ['a folded header', `GET /a HTTP/1.1\r\n${head}x: a\r\n b\r\n\r\n`],
        ['a space before the colon', `GET /a HTTP/1.1\r\n${head}Content-Length : 5\r\n\r\nhello`],
        [
            'an obscured chunked',
            `POST /.well-known/ocm/receipts HTTP/1.1\r\n${head}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`,
        ],
        ['a bare carriage return', `GET /a HTTP/1.1\r\n${head}x: a\rb\r\n\r\n`],
        ['nonsense', 'hello\r\n\r\n'],
        ['a NUL in a header', `GET /a HTTP/1.1\r\n${head}x: \0\r\n\r\n`],
    ])('with %s is refused and the connection closed', async (_, text) => {
        const before = from.requests.length;
        const smuggled = `${text}GET /smuggled HTTP/1.1\r\n${head}\r\n`;
        const received = await raw(node.url, smuggled);
        expect(received).toMatch(/^HTTP\/1\.1 400 /);
        expect(received.match(/HTTP\/1\.1 /g)).toHaveLength(1);
        expect(from.requests.slice(before).some(({ url }) => url === '/smuggled')).toBe(false);
    });

    it('without a host is refused', async () => {
        expect(await raw(node.url, 'GET /a HTTP/1.1\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    });

    it('refuses bodies on objects, also those that hide a request', async () => {
        const before = from.requests.length;
        const inner = `GET /smuggled HTTP/1.1\r\n${head}\r\n`;
        const received = await raw(
            node.url,
            `GET /a HTTP/1.1\r\n${head}Content-Length: ${inner.length}\r\n\r\n${inner}`,
        );
        expect(received).toContain('MKT_NODE__BODY_NOT_ALLOWED');
        expect(from.requests).toHaveLength(before);
    });

    it('refuses tunnels and upgrades', async () => {
        expect(await raw(node.url, `CONNECT 127.0.0.1:1 HTTP/1.1\r\n${head}\r\n`)).toContain(
            'MKT_NODE__METHOD_NOT_ALLOWED',
        );
        expect(
            await raw(node.url, `GET /a HTTP/1.1\r\n${head}Connection: upgrade\r\nUpgrade: websocket\r\n\r\n`),
        ).toContain('MKT_NODE__UPGRADE_NOT_SERVED');
    });

    it('refuses a header section over 16 KiB', async () => {
        const received = await raw(node.url, `GET /a HTTP/1.1\r\n${head}x: ${'a'.repeat(20_000)}\r\n\r\n`);
        expect(received).toMatch(/^HTTP\/1\.1 431 /);
        expect(received).toContain('MKT_NODE__HEADERS_TOO_LARGE');
    });

    it('does not wait for slow headers or slow bodies', async () => {
        const slowHeaders = await raw(node.url, `GET /a HTTP/1.1\r\n${head}x: `, 5_000);
        expect(slowHeaders).toContain('MKT_NODE__REQUEST_TIMEOUT');
        const slowBody = await raw(
            node.url,
            `POST /.well-known/ocm/receipts HTTP/1.1\r\n${head}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{`,
            5_000,
        );
        expect(slowBody).toMatch(/^HTTP\/1\.1 408 /);
    });
});

describe('other methods and headers', () => {
    it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'TRACE'])('%s of an object is refused', async (method) => {
        expect(codeOf(await ask(node.url, '/a', { method }))).toBe('MKT_NODE__METHOD_NOT_ALLOWED');
    });

    it('a preflight is answered for sessions and receipts', async () => {
        const answer = await ask(node.url, '/.well-known/ocm/receipts', {
            method: 'OPTIONS',
            headers: { origin: 'http://page' },
        });
        expect(answer.status).toBe(204);
        expect(answer.headers['access-control-allow-headers']).toContain('ocm-session');
        expect(answer.headers['access-control-allow-headers']).toContain('content-type');
        expect(answer.headers['access-control-allow-origin']).toBe('*');
    });

    it('nothing but the coding of a viewer reaches the parent', async () => {
        await ask(node.url, '/headers', {
            headers: {
                'x-forwarded-for': '192.0.2.1',
                'x-forwarded-host': 'evil.example',
                'x-original-url': '/admin',
                cookie: 'a=b',
                'user-agent': 'viewer',
                referer: 'http://page/',
                forwarded: 'for=192.0.2.1',
            },
        });
        const seen = from.requests.find(({ url }) => url === '/headers')?.headers ?? {};
        expect(Object.keys(seen).sort()).toEqual(['accept-encoding', 'cdn-loop', 'connection', 'host']);
    });

    it('a request that has passed this node before is a loop', async () => {
        const answer = await ask(node.url, '/a', { headers: { 'cdn-loop': `other, ${node.config.node}` } });
        expect([answer.status, codeOf(answer)]).toEqual([508, 'MKT_NODE__LOOP']);
    });

    it('too large, mistyped and broken bodies are told apart', async () => {
        const path = '/.well-known/ocm/sessions';
        expect(codeOf(await post(node.url, path, `"${'a'.repeat(9_000)}"`))).toBe('MKT_NODE__BODY_TOO_LARGE');
        expect(codeOf(await post(node.url, path, '{'))).toBe('MKT_NODE__BODY_MALFORMED');
        expect(codeOf(await post(node.url, path, {}))).toBe('MKT_NODE__BODY_INVALID');
        expect(codeOf(await post(node.url, path, '{}', { headers: { 'content-type': 'text/plain' } }))).toBe(
            'MKT_NODE__BODY_TYPE',
        );
    });

    it('operator paths are closed without the secret', async () => {
        for (const path of [
            '/.well-known/ocm/operator/logs',
            `/.well-known/ocm/operator/epochs/${node.config.node}/0`,
        ]) {
            expect((await ask(node.url, path)).status).toBe(401);
            expect((await ask(node.url, path, { headers: { authorization: 'Bearer wrong' } })).status).toBe(401);
        }
    });

    it('hosts that are not delegated are misdirected', async () => {
        const strict = await startTestNode({
            world: createWorld(),
            parentUrl: from.url,
            config: { hosts: ['cdn.example'] },
        });
        expect((await ask(strict.url, '/a')).status).toBe(421);
        expect((await ask(strict.url, '/a', { headers: { host: 'CDN.example:81' } })).status).toBe(200);
        await strict.stop();
    });

    it('a viewer that stops reading is cut off', async () => {
        const large = await startOrigin((_, response) => {
            response.writeHead(200, { 'content-length': 64 << 20 });
            const chunk = Buffer.alloc(1 << 20);
            let left = 64;
            const push = (): void => {
                while (left > 0) {
                    left -= 1;
                    if (!response.write(chunk)) return void response.once('drain', push);
                }
                response.end();
            };
            push();
        });
        const slow = await startTestNode({
            world: createWorld(),
            parentUrl: large.url,
            deps: { limits: { http: { idleTimeoutMs: 500 } } },
        });
        const { hostname, port } = new URL(slow.url);
        const socket = net.connect(Number(port), hostname, () => socket.write('GET /a HTTP/1.1\r\nHost: a\r\n\r\n'));
        socket.pause();
        await new Promise((resolve) => setTimeout(resolve, 100));
        socket.on('error', () => undefined);
        await new Promise((resolve) => {
            socket.once('close', resolve);
            setTimeout(() => socket.resume(), 1_500);
        });
        expect(socket.bytesRead).toBeLessThan(64 << 20);
        await slow.stop();
        await large.close();
    });
});
