import net from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { cleanup, scripted, startProxy } from './cache-support.js';
import type { Answer } from './support.js';

afterEach(() => cleanup.run());

const fresh = { 'cache-control': 'max-age=60' };
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('an absence or a failure', () => {
    it('is kept where it says so, for the bounded time', async () => {
        const answers = {
            '/a': [{ status: 404, headers: fresh }],
            '/b': [{ status: 404 }],
            '/c': [{ status: 503, headers: fresh }],
        };
        const proxy = await startProxy(scripted(answers), { behaviour: { maxNegativeSecs: 3 } });
        for (const path of ['/a', '/a', '/b', '/b', '/c', '/c']) await proxy.get(path);
        expect(proxy.seen()).toEqual(['GET /a', 'GET /b', 'GET /b', 'GET /c']);
        await pause(3_050);
        await proxy.get('/a');
        expect(proxy.seen()).toHaveLength(5);
    });

    it('that says nothing is kept if that is configured', async () => {
        const proxy = await startProxy(scripted({ '/a': [{ status: 404 }] }), { behaviour: { negativeSecs: 5 } });
        await proxy.get('/a');
        expect([(await proxy.get('/a')).status, proxy.seen().length]).toEqual([404, 1]);
    });
});

describe('a credential', () => {
    it('is passed on; what it brings is stored only where behaviour and response allow it', async () => {
        const handler = scripted({
            '/a': [{ headers: { 'cache-control': 'public, max-age=60' }, body: 'a' }],
            '/b': [{ headers: fresh, body: 'b' }],
        });
        const headers = { authorization: 'Bearer mine' };
        for (const [sharesAuthorized, expected] of [
            [true, ['GET /a', 'GET /b', 'GET /b']],
            [false, ['GET /a', 'GET /a', 'GET /b', 'GET /b']],
        ] as const) {
            const proxy = await startProxy(handler, { behaviour: { sharesAuthorized } });
            for (const path of ['/a', '/b']) {
                await proxy.get(path, { headers });
                await proxy.get(path);
            }
            expect(proxy.seen()).toEqual(expected);
            expect(proxy.origin.requests[0]?.headers.authorization).toBe('Bearer mine');
        }
    });
});

describe('a field of the origin', () => {
    async function answered(field: string): Promise<Answer> {
        const origin = net.createServer((socket) => {
            const head = `HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 1\r\nX-Odd: ${field}\r\n\r\n`;
            socket.once('data', () => socket.end(`${head}a`, 'latin1'));
        });
        await new Promise<void>((resolve) => origin.listen(0, '127.0.0.1', resolve));
        cleanup.add(() => new Promise((resolve) => origin.close(resolve)));
        const parentUrl = `http://127.0.0.1:${(origin.address() as net.AddressInfo).port}`;
        const proxy = await startProxy(() => undefined, { parentUrl });
        return proxy.get('/a');
    }

    it('keeps its bytes, also those beyond ASCII', async () => {
        const { status, headers } = await answered('\u00fc\u00e2\u0082');
        expect([status, headers['x-odd']]).toEqual([200, '\u00fc\u00e2\u0082']);
    });

    it('with a control character is refused, as it could split an answer', async () => {
        expect((await answered('a\u0001b')).status).toBe(502);
        expect((await answered('a\rX-Injected: 1')).status).toBe(502);
    });
});

describe('a request to the reverse proxy', () => {
    it('for another host, or of a target without end, is refused', async () => {
        const proxy = await startProxy(scripted({}));
        expect((await proxy.get('http://elsewhere.example/a')).status).toBe(400);
        expect((await proxy.get(`/${'a'.repeat(2_100)}`)).status).toBe(400);
        expect(proxy.seen()).toEqual([]);
    });

    it('is passed on with its fields, but those of the connection and those that the cache answers', async () => {
        const proxy = await startProxy(scripted({ '/a': [{ headers: fresh }] }));
        const kept = { cookie: 'a=1', 'x-own': '1', 'accept-language': 'de' };
        const dropped = {
            connection: 'x-hop',
            'x-hop': '1',
            te: 'trailers',
            'if-none-match': '"1"',
            range: 'bytes=0-1',
        };
        await proxy.get('/a?b=1', { headers: { ...kept, ...dropped } });
        const [seen] = proxy.origin.requests;
        expect(seen?.url).toBe('/a?b=1');
        expect(seen?.headers).toMatchObject(kept);
        for (const name of ['x-hop', 'te', 'if-none-match', 'range']) expect(seen?.headers[name]).toBeUndefined();
    });

    it('whose body ends early does not reach the origin whole', async () => {
        const ends: boolean[] = [];
        const proxy = await startProxy((request, response) => {
            request.resume();
            request.on('end', () => response.end('a'));
            request.on('close', () => ends.push(request.complete));
        });
        const { port } = new URL(proxy.url);
        const socket = net.connect(Number(port), '127.0.0.1');
        socket.write('PUT /a HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc');
        await pause(100);
        socket.destroy();
        for (let tries = 0; tries < 100 && ends.length === 0; tries += 1) await pause(20);
        expect(ends).toEqual([false]);
    });
});
