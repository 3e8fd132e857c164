import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, Cleanup, createWorld, type Origin, raw, startOrigin, startTestNode, tempDir } from './support.js';
import { ask2, connect2, issue } from './tls-support.js';

const cleanup = new Cleanup();
let from: Origin;
let url: string;
let session: ReturnType<typeof connect2>;

beforeAll(async () => {
    // Reflects all that it is sent, as a careless origin might.
    from = await startOrigin((request, response) => {
        const headers: Record<string, string> = { 'cache-control': 'max-age=600' };
        if (request.url?.startsWith('/cookie')) headers['set-cookie'] = 'session=of-the-first-viewer';
        if (request.url?.startsWith('/private')) headers['cache-control'] = 'private, max-age=600';
        response.writeHead(200, headers);
        response.end(JSON.stringify({ url: request.url, method: request.method, ...request.headers }));
    });
    cleanup.add(() => from.close());
    const { cert, certPath, keyPath } = await issue(await tempDir(), ['localhost']);
    const config = {
        tls: { listen: { port: 0 }, certificates: [{ certPath, keyPath }] },
        queryAllowList: ['quality'],
    };
    const node = await startTestNode({ world: createWorld(), parentUrl: from.url, config });
    cleanup.add(() => node.stop());
    url = node.url;
    session = connect2(node.tlsUrl ?? '', { ca: cert });
    cleanup.add(() => session.destroy());
});
afterAll(() => cleanup.run());

const EVIL = 'evil.example';
const UNKEYED = [
    'x-forwarded-host',
    'x-forwarded-for',
    'x-forwarded-proto',
    'x-forwarded-scheme',
    'x-forwarded-port',
    'x-forwarded-prefix',
    'x-host',
    'x-original-url',
    'x-rewrite-url',
    'x-http-method-override',
    'forwarded',
    'cookie',
    'origin',
    'referer',
    'user-agent',
    'accept-language',
    'true-client-ip',
    'via',
    'x-wap-profile',
];

describe('what the first viewer sends', () => {
    it.each(UNKEYED)(
        'as %s changes nothing of the object that all others get, by either version of HTTP',
        async (name) => {
            for (const [path, get] of [
                [`/one/${name}`, (at: string) => ask(url, at, { headers: { [name]: EVIL } })],
                [`/two/${name}`, (at: string) => ask2(session, at, { [name]: EVIL })],
            ] as const) {
                expect((await get(path)).body.toString()).not.toContain(EVIL);
                const next = await ask(url, path);
                expect([next.headers['ocm-cache'], next.body.toString().includes(EVIL)]).toEqual(['hit', false]);
            }
        },
    );

    it('as a query that selects nothing is not part of the object, and one that selects is a key of its own', async () => {
        const first = await ask(url, `/q?utm_source=${EVIL}&quality=720`);
        expect(JSON.parse(first.body.toString()).url).toBe('/q?quality=720');
        expect((await ask(url, '/q?quality=720')).headers['ocm-cache']).toBe('hit');
        expect((await ask(url, '/q?quality=1080')).headers['ocm-cache']).toBe('miss');
        expect((await ask(url, '/q')).headers['ocm-cache']).toBe('miss');
    });

    it('as a body, a range or a HEAD does not become the object of others', async () => {
        const fat = await raw(
            url,
            `GET /fat HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nConnection: close\r\n\r\n${'evil'}`,
        );
        expect(fat).toMatch(/^HTTP\/1\.1 400 /);
        await ask(url, '/partial', { headers: { range: 'bytes=0-0' } });
        const whole = await ask(url, '/partial');
        expect([whole.status, JSON.parse(whole.body.toString()).url]).toEqual([200, '/partial']);
        await ask(url, '/head', { method: 'HEAD' });
        expect((await ask(url, '/head')).body.length).toBeGreaterThan(0);
    });

    it('as a request that is refused is not remembered against others (denial by a poisoned error)', async () => {
        const path = '/denied';
        await raw(url, `GET ${path} HTTP/1.1\r\nHost: a\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`);
        await raw(url, `GET ${path} HTTP/1.1\r\nHost: a\r\nx: \0\r\n\r\n`);
        await ask(url, path, { method: 'DELETE' });
        await ask2(session, path, { ':method': 'POST', body: 'x' });
        expect((await ask(url, path)).status).toBe(200);
    });

    it('as credentials, and what is answered to them, is for nobody else', async () => {
        const mine = await ask(url, '/mine', { headers: { authorization: 'Bearer mine' } });
        expect(mine.headers['ocm-cache']).not.toBe('hit');
        expect((await ask(url, '/mine')).headers['ocm-cache']).not.toBe('hit');
        for (const path of ['/private/1', '/cookie/1']) {
            const first = await ask(url, path);
            const second = await ask(url, path);
            const isShared = second.headers['ocm-cache'] === 'hit' && second.headers['set-cookie'] !== undefined;
            expect([first.status, second.status, isShared]).toEqual([200, 200, false]);
        }
        expect((await ask(url, '/private/1')).headers['ocm-cache']).not.toBe('hit');
    });

    it('as a host is not what the parent is told', async () => {
        const told = JSON.parse((await ask(url, '/host', { headers: { host: EVIL } })).body.toString());
        expect(told.host).toBe(new URL(from.url).host);
        expect((await ask2(session, '/host', { ':authority': EVIL })).body.toString()).not.toContain(EVIL);
    });
});
