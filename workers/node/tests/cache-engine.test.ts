import { afterEach, describe, expect, it } from 'vitest';
import { cleanup, scripted, startProxy } from './cache-support.js';
import { until } from './support.js';

afterEach(() => cleanup.run());

const fresh = { 'cache-control': 'max-age=60' };
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('an unsafe request', () => {
    it('that succeeds removes its URL and what it names of the same origin', async () => {
        const kept = [
            { headers: fresh, body: 'old' },
            { headers: fresh, body: 'new' },
        ];
        const headers = { location: '/b', 'content-location': 'http://elsewhere.example/c' };
        const proxy = await startProxy(
            scripted({ '/a': kept, '/b': kept, '/c': kept, 'POST /a': [{ status: 201, headers }] }),
        );
        for (const path of ['/a', '/b', '/c']) await proxy.get(path);
        await proxy.get('/a', { method: 'POST', body: 'x' });
        const bodies = await Promise.all(
            ['/a', '/b', '/c'].map(async (path) => (await proxy.get(path)).body.toString()),
        );
        expect(bodies).toEqual(['new', 'new', 'old']);
    });

    it('that fails removes nothing', async () => {
        const proxy = await startProxy(scripted({ '/a': [{ headers: fresh }], 'DELETE /a': [{ status: 500 }] }));
        await proxy.get('/a');
        expect((await proxy.get('/a', { method: 'DELETE' })).status).toBe(500);
        await proxy.get('/a');
        expect(proxy.seen()).toEqual(['GET /a', 'DELETE /a']);
    });

    it('keeps what was fetched before it and arrives after it out of the store', async () => {
        let finish: () => void = () => undefined;
        let gets = 0;
        const proxy = await startProxy((request, response) => {
            response.writeHead(200, fresh);
            if (request.method === 'PUT') return response.end();
            gets += 1;
            if (gets > 1) return response.end('new');
            response.write('o');
            finish = () => response.end('ld');
        });
        const slow = proxy.get('/a');
        await until(() => gets === 1, 'slow fetch');
        await proxy.get('/a', { method: 'PUT', body: 'x' });
        // Begun after the change, so it must not join the fetch of what was before.
        expect((await proxy.get('/a')).body.toString()).toBe('new');
        finish();
        expect((await slow).body.toString()).toBe('old');
        await pause(20);
        expect((await proxy.get('/a')).body.toString()).toBe('new');
        expect(gets).toBe(2);
    });

    it('by POST may bring what a GET is answered with afterwards', async () => {
        const own = { ...fresh, 'content-location': '/a' };
        const proxy = await startProxy(
            scripted({
                'POST /a': [{ headers: own, body: 'made' }],
                'POST /b': [{ headers: fresh, body: 'told' }],
                '/b': [{ body: 'b' }],
            }),
        );
        await proxy.get('/a', { method: 'POST', body: 'x' });
        await pause(20);
        expect((await proxy.get('/a')).body.toString()).toBe('made');
        await proxy.get('/b', { method: 'POST', body: 'x' });
        expect((await proxy.get('/b')).body.toString()).toBe('b');
    });
});

describe('a stored response', () => {
    it('is freshened by HEAD, or removed by one that tells of another object', async () => {
        const old = { etag: '"1"', 'cache-control': 'max-age=0', 'x-a': '1' };
        const renewed = { etag: '"1"', 'cache-control': 'max-age=60', 'x-a': '2', 'content-length': '3' };
        const proxy = await startProxy(
            scripted({
                '/a': [{ headers: old, body: 'one' }],
                'HEAD /a': [{ headers: renewed }],
                '/b': [
                    { headers: old, body: 'one' },
                    { headers: { etag: '"2"' }, body: 'two' },
                ],
                'HEAD /b': [{ headers: { etag: '"2"' } }],
            }),
        );
        await proxy.get('/a');
        await proxy.get('/a', { method: 'HEAD' });
        const after = await proxy.get('/a');
        expect([after.body.toString(), after.headers['x-a'], proxy.seen().length]).toEqual(['one', '2', 2]);
        await proxy.get('/b');
        await proxy.get('/b', { method: 'HEAD' });
        expect((await proxy.get('/b')).body.toString()).toBe('two');
        expect(proxy.origin.requests.at(-1)?.headers['if-none-match']).toBeUndefined();
    });

    it('takes no cookie from a 304, and is gone after one that forbids storing', async () => {
        const stale = { etag: '"1"', 'cache-control': 'max-age=0' };
        const proxy = await startProxy((request, response) => {
            if (request.headers['if-none-match'] === undefined) return response.writeHead(200, stale).end('a');
            const forbidding = request.url === '/b' ? { 'cache-control': 'no-store' } : {};
            return response.writeHead(304, { ...stale, 'set-cookie': 'viewer=1', ...forbidding }).end();
        });
        for (const path of ['/a', '/b']) {
            await proxy.get(path);
            const validated = await proxy.get(path);
            expect([validated.body.toString(), validated.headers['set-cookie']]).toEqual(['a', undefined]);
            await proxy.get(path);
        }
        const asked = (path: string) => proxy.origin.requests.filter(({ url }) => url === path);
        expect(asked('/a').map(({ headers }) => headers['if-none-match'])).toEqual([undefined, '"1"', '"1"']);
        expect(asked('/b').map(({ headers }) => headers['if-none-match'])).toEqual([undefined, '"1"', undefined]);
    });

    it('is not described by a 304 about what it has replaced meanwhile', async () => {
        const answers: (() => void)[] = [];
        const proxy = await startProxy((request, response) => {
            const isNew = request.headers['accept-encoding'] === 'br';
            const control =
                request.headers['if-none-match'] === undefined ? 'max-age=0, stale-while-revalidate=60' : 'max-age=60';
            const headers = { 'cache-control': control, etag: isNew ? '"new"' : '"old"' };
            if (request.headers['if-none-match'] === undefined) return response.writeHead(200, headers).end('old');
            if (isNew) return response.writeHead(200, headers).end('new');
            return answers.push(() => response.writeHead(304, headers).end());
        });
        const get = (coding: string) => proxy.get('/a', { headers: { 'accept-encoding': coding } });
        await get('gzip');
        await get('gzip');
        await until(() => answers.length === 1, 'the first validation');
        await until(async () => (await get('br')).body.toString() === 'new', 'the answer to the second is stored');
        answers[0]?.();
        await pause(50);
        const { body, headers } = await get('gzip');
        expect([body.toString(), headers.etag, proxy.seen().length]).toEqual(['new', '"new"', 3]);
    });

    it('has no more variants than are allowed; the oldest goes', async () => {
        const proxy = await startProxy(
            (request, response) => response.writeHead(200, { ...fresh, vary: 'x' }).end(request.headers.x),
            { behaviour: { maxVariants: 3 } },
        );
        for (const x of ['1', '2', '3', '4', '2', '1']) {
            expect((await proxy.get('/a', { headers: { x } })).body.toString()).toBe(x);
        }
        expect(proxy.origin.requests.map(({ headers }) => headers.x)).toEqual(['1', '2', '3', '4', '1']);
    });

    it('goes without fields for one viewer, also to those who waited for it', async () => {
        let send: () => void = () => undefined;
        const proxy = await startProxy((_, response) => {
            send = () => response.writeHead(200, { 'cache-control': 'max-age=60, private="x-me"', 'x-me': '1' }).end();
        });
        const answers = [1, 2, 3].map(() => proxy.get('/a'));
        await until(() => proxy.origin.requests.length === 1, 'fetch');
        await pause(50);
        send();
        const own = (await Promise.all(answers)).map(({ headers }) => headers['x-me']);
        expect(own.filter((value) => value === '1')).toHaveLength(1);
        expect((await proxy.get('/a')).headers['x-me']).toBeUndefined();
    });

    it('is refreshed behind its viewers, once a second at most while that fails', async () => {
        let down = false;
        const proxy = await startProxy((_, response) => {
            if (down) return response.writeHead(503).end();
            return response.writeHead(200, { 'cache-control': 'max-age=0, stale-while-revalidate=60' }).end('a');
        });
        await proxy.get('/a');
        down = true;
        for (let index = 0; index < 10; index += 1) {
            expect((await proxy.get('/a')).body.toString()).toBe('a');
            await pause(5);
        }
        // The first, one refresh, and one more for each second that a busy machine takes for this.
        expect(proxy.seen().length).toBeLessThan(6);
    });
});
