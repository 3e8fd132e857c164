import { randomBytes } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
    ask,
    Cleanup,
    codeOf,
    createWorld,
    eventually,
    type Origin,
    type StartInput,
    startOrigin,
    startTestNode,
    tempDir,
    until,
} from './support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

async function origin(handler: Parameters<typeof startOrigin>[0]): Promise<Origin> {
    const started = await startOrigin(handler);
    cleanup.add(() => started.close());
    return started;
}
async function relay(parentUrl: string, input: Partial<StartInput> = {}): ReturnType<typeof startTestNode> {
    const node = await startTestNode({ world: createWorld(), parentUrl, ...input });
    cleanup.add(() => node.stop());
    return node;
}
const fresh = { 'cache-control': 'max-age=60', etag: '"v1"' };
const object = randomBytes(300_000);
const sendObject = (response: ServerResponse, headers: Record<string, string> = fresh): void => {
    response.writeHead(200, { 'content-length': object.length, 'content-type': 'video/mp4', ...headers });
    response.end(object);
};

describe('a miss', () => {
    it('is fetched once, then served from the store with its age', async () => {
        const from = await origin((_, response) => sendObject(response, { ...fresh, age: '7' }));
        const node = await relay(from.url);
        const first = await ask(node.url, '/live/a.mp4');
        expect(first.status).toBe(200);
        expect(first.headers['ocm-cache']).toBe('miss');
        expect(first.headers['ocm-node']).toBe(node.config.node);
        expect(first.headers['access-control-allow-origin']).toBe('*');
        expect(first.body.equals(object)).toBe(true);
        const second = await ask(node.url, '/live/a.mp4');
        expect(second.headers['ocm-cache']).toBe('hit');
        expect(Number(second.headers.age)).toBeGreaterThanOrEqual(7);
        expect(second.body.equals(object)).toBe(true);
        expect(from.requests).toHaveLength(1);
    });

    it('is collapsed with others of the same object while its body still arrives', async () => {
        let release: () => void = () => undefined;
        const from = await origin((_, response) => {
            response.writeHead(200, { ...fresh, 'content-length': object.length });
            response.write(object.subarray(0, 1000));
            release = () => response.end(object.subarray(1000));
        });
        const node = await relay(from.url);
        const answers = Promise.all(Array.from({ length: 20 }, () => ask(node.url, '/a')));
        await until(() => from.requests.length === 1, 'first fetch');
        await until(() => node.status.read().cache.collapsed === 19, 'followers attached');
        release();
        const all = await answers;
        expect(all.every(({ body }) => body.equals(object))).toBe(true);
        expect(all.map(({ headers }) => headers['ocm-cache']).sort()).toEqual([...Array(19).fill('collapsed'), 'miss']);
        expect(from.requests).toHaveLength(1);
    });

    it('whose leader fails releases the followers to try for themselves', async () => {
        const held: ServerResponse[] = [];
        const from = await origin((_, response) => {
            if (held.length === 0) held.push(response);
            else sendObject(response);
        });
        const node = await relay(from.url);
        const leader = ask(node.url, '/a');
        await until(() => held.length === 1, 'leader at the origin');
        const followers = Promise.all([ask(node.url, '/a'), ask(node.url, '/a')]);
        await new Promise((resolve) => setTimeout(resolve, 100));
        held[0]?.destroy();
        expect((await leader).status).toBe(502);
        expect((await followers).map(({ status }) => status)).toEqual([200, 200]);
        expect(from.requests).toHaveLength(2);
    });

    it('goes on for the others when the viewer who began it leaves', async () => {
        let finish: () => void = () => undefined;
        const from = await origin((_, response) => {
            response.writeHead(200, { ...fresh, 'content-length': object.length });
            response.write(object.subarray(0, 5));
            finish = () => response.end(object.subarray(5));
        });
        const node = await relay(from.url);
        const abort = new AbortController();
        const leader = fetch(`${node.url}/a`, { signal: abort.signal }).then((response) => response.arrayBuffer());
        await until(() => from.requests.length === 1, 'fetch begun');
        const follower = ask(node.url, '/a');
        await until(() => node.status.read().cache.collapsed === 1, 'follower attached');
        const gone = expect(leader).rejects.toThrow();
        abort.abort();
        await gone;
        finish();
        expect((await follower).body.equals(object)).toBe(true);
        expect(from.requests).toHaveLength(1);
    });

    it('that the parent cuts short is cut short for the viewer, and not stored', async () => {
        const from = await origin((_, response) => {
            response.writeHead(200, { ...fresh, 'content-length': object.length });
            response.write(object.subarray(0, 1000), () => response.destroy());
        });
        const node = await relay(from.url);
        await expect(ask(node.url, '/a')).rejects.toThrow();
        await expect(ask(node.url, '/a')).rejects.toThrow();
        expect(from.requests).toHaveLength(2);
    });

    it('with the parent down is a 502 that says so', async () => {
        const gone = await startOrigin((_, response) => response.end());
        await gone.close();
        const node = await relay(gone.url);
        const answer = await ask(node.url, '/a');
        expect(answer.status).toBe(502);
        expect(codeOf(answer)).toBe('MKT_NODE__PARENT_DOWN');
    });

    it('whose parent never answers is a 504', async () => {
        const from = await origin(() => undefined);
        const node = await relay(from.url, {
            deps: { limits: { upstream: { headersTimeoutMs: 300 } } },
        });
        expect(codeOf(await ask(node.url, '/a'))).toBe('MKT_NODE__PARENT_TIMEOUT');
    });
});

describe('what is not stored', () => {
    it.each([
        ['set-cookie', { ...fresh, 'set-cookie': 'viewer=1' }],
        ['set-cookie with public', { 'cache-control': 'public, max-age=60', 'set-cookie': 'viewer=1' }],
        ['private', { 'cache-control': 'private, max-age=60' }],
        ['no-store', { 'cache-control': 'no-store' }],
        ['Vary: *', { ...fresh, vary: '*' }],
        ['nothing that says how long', {}],
    ])('%s is fetched each time, for each viewer', async (_, headers) => {
        const from = await origin((_request, response) => sendObject(response, headers as Record<string, string>));
        const node = await relay(from.url);
        const answers = [await ask(node.url, '/a'), ...(await Promise.all([ask(node.url, '/a'), ask(node.url, '/a')]))];
        expect(answers.every(({ body }) => body.equals(object))).toBe(true);
        expect(from.requests).toHaveLength(3);
        expect(node.status.read().cache.objects).toBe(0);
    });

    it('is what came for a credential; the next viewer does not get it', async () => {
        const from = await origin((request, response) => {
            response.writeHead(200, fresh);
            response.end(request.headers.authorization ?? 'nobody');
        });
        const node = await relay(from.url);
        const own = await ask(node.url, '/a', { headers: { authorization: 'Bearer mine' } });
        expect(own.body.toString()).toBe('Bearer mine');
        expect(own.headers['ocm-cache']).toBe('bypass');
        expect((await ask(node.url, '/a')).body.toString()).toBe('nobody');
    });

    it('is larger than the limit: passed through whole, also to slow readers, also by range', async () => {
        const from = await origin((request, response) => {
            if (request.headers.range !== 'bytes=5-9') return sendObject(response);
            response.writeHead(206, { 'content-range': `bytes 5-9/${object.length}`, 'content-length': 5 });
            response.end(object.subarray(5, 10));
        });
        const node = await relay(from.url, { config: { cache: { maxObjectBytes: 100_000 } } });
        const answers = await Promise.all([1, 2, 3].map(() => ask(node.url, '/a')));
        expect(answers.every(({ body }) => body.equals(object))).toBe(true);
        const part = await ask(node.url, '/a', { headers: { range: 'bytes=5-9' } });
        expect(part.status).toBe(206);
        expect(part.body.equals(object.subarray(5, 10))).toBe(true);
        expect(node.status.read().cache.objects).toBe(0);
    });
});

describe('a stored object', () => {
    async function stored(): Promise<{ from: Origin; url: string }> {
        const from = await origin((_, response) =>
            sendObject(response, { ...fresh, 'last-modified': 'Sat, 01 Nov 2025 00:00:00 GMT' }),
        );
        const node = await relay(from.url);
        await ask(node.url, '/a');
        return { from, url: node.url };
    }

    it('answers ranges', async () => {
        const { url } = await stored();
        for (const [range, first, end] of [
            ['bytes=0-0', 0, 1],
            ['bytes=100-199', 100, 200],
            ['bytes=299999-', 299_999, 300_000],
            ['bytes=-10', 299_990, 300_000],
            ['bytes=299990-999999', 299_990, 300_000],
        ] as const) {
            const answer = await ask(url, '/a', { headers: { range } });
            expect(answer.status).toBe(206);
            expect(answer.headers['content-range']).toBe(`bytes ${first}-${end - 1}/300000`);
            expect(answer.body.equals(object.subarray(first, end))).toBe(true);
        }
        const beyond = await ask(url, '/a', { headers: { range: 'bytes=300000-' } });
        expect([beyond.status, beyond.headers['content-range']]).toEqual([416, 'bytes */300000']);
        for (const range of ['bytes=0-1,5-6', 'bytes=9-1', 'lines=1-2', 'bytes=-']) {
            expect((await ask(url, '/a', { headers: { range } })).status).toBe(200);
        }
        const other = await ask(url, '/a', { headers: { range: 'bytes=0-1', 'if-range': '"v0"' } });
        expect(other.status).toBe(200);
        const same = await ask(url, '/a', { headers: { range: 'bytes=0-1', 'if-range': '"v1"' } });
        expect(same.status).toBe(206);
    });

    it('answers HEAD and conditions without a body and without the parent', async () => {
        const { url, from } = await stored();
        const head = await ask(url, '/a', { method: 'HEAD' });
        expect([head.status, head.headers['content-length'], head.body.length]).toEqual([200, '300000', 0]);
        for (const headers of [
            { 'if-none-match': '"v0", W/"v1"' },
            { 'if-none-match': '*' },
            { 'if-modified-since': 'Sat, 01 Nov 2025 00:00:00 GMT' },
        ] as Record<string, string>[]) {
            const answer = await ask(url, '/a', { headers });
            expect([answer.status, answer.body.length]).toEqual([304, 0]);
        }
        expect((await ask(url, '/a', { headers: { 'if-none-match': '"v2"' } })).status).toBe(200);
        expect(
            (await ask(url, '/a', { headers: { 'if-modified-since': 'Fri, 31 Oct 2025 00:00:00 GMT' } })).status,
        ).toBe(200);
        expect(from.requests).toHaveLength(1);
    });

    it('is one object whatever the query says, unless a parameter is allowed', async () => {
        const from = await origin((request, response) => {
            response.writeHead(200, fresh);
            response.end(request.url);
        });
        const node = await relay(from.url, { config: { queryAllowList: ['q'] } });
        expect((await ask(node.url, '/a?utm=1&q=1')).body.toString()).toBe('/a?q=1');
        expect((await ask(node.url, '/a?q=1&cachebuster=2')).headers['ocm-cache']).toBe('hit');
        expect((await ask(node.url, '/a?q=2')).headers['ocm-cache']).toBe('miss');
    });

    it('is kept once for each encoding that the parent varies by', async () => {
        const from = await origin((request, response) => {
            const coding = String(request.headers['accept-encoding']);
            response.writeHead(200, { ...fresh, vary: 'Accept-Encoding, Cookie' });
            response.end(coding);
        });
        const node = await relay(from.url);
        const get = (coding: string) => ask(node.url, '/a', { headers: { 'accept-encoding': coding, cookie: coding } });
        expect((await get('gzip, deflate')).body.toString()).toBe('gzip');
        expect((await get('deflate')).body.toString()).toBe('identity');
        const again = await get('GZIP;q=0.5');
        expect([again.headers['ocm-cache'], again.body.toString()]).toEqual(['hit', 'gzip']);
        expect(from.requests.every(({ headers }) => headers.cookie === undefined)).toBe(true);
    });

    it('that does not vary is fetched once for viewers of all encodings', async () => {
        let finish: () => void = () => undefined;
        const from = await origin((_, response) => {
            response.writeHead(200, fresh);
            response.write('a');
            finish = () => response.end('b');
        });
        const node = await relay(from.url);
        const answers = Promise.all(
            ['br', 'gzip', ''].map((coding) => ask(node.url, '/a', { headers: { 'accept-encoding': coding } })),
        );
        await until(() => node.status.read().cache.collapsed === 2, 'joined');
        finish();
        expect((await answers).map(({ body }) => body.toString())).toEqual(['ab', 'ab', 'ab']);
        expect(from.requests).toHaveLength(1);
    });

    it('that varies is fetched for each of those who wait with different fields', async () => {
        const from = await origin((request, response) => {
            setTimeout(() => {
                response.writeHead(200, { ...fresh, vary: 'accept-encoding' });
                response.end(String(request.headers['accept-encoding']));
            }, 50);
        });
        const node = await relay(from.url);
        const codings = ['br', 'gzip', 'identity', 'br', 'gzip'];
        const answers = codings.map((coding) => ask(node.url, '/a', { headers: { 'accept-encoding': coding } }));
        expect((await Promise.all(answers)).map(({ body }) => body.toString())).toEqual(codings);
        expect(from.requests).toHaveLength(3);
    });

    it('that is stale is revalidated, and kept if the parent says 304', async () => {
        const from = await origin((request, response) => {
            if (request.headers['if-none-match'] === '"v1"') {
                response.writeHead(304, { etag: '"v1"', 'cache-control': 'max-age=60' });
                response.end();
            } else sendObject(response, { etag: '"v1"', 'cache-control': 'max-age=0' });
        });
        const node = await relay(from.url);
        await ask(node.url, '/a');
        const answer = await ask(node.url, '/a');
        expect(answer.body.equals(object)).toBe(true);
        expect(answer.headers['ocm-cache']).toBe('hit');
        expect((await ask(node.url, '/a')).headers['ocm-cache']).toBe('hit');
        expect(from.requests).toHaveLength(2);
    });

    it('stands in for a parent that fails only if it may', async () => {
        let failing = false;
        const from = await origin((request, response) => {
            if (failing) {
                response.writeHead(503);
                response.end('down');
                return;
            }
            const lenient = request.url === '/lenient' ? ', stale-if-error=60' : '';
            response.writeHead(200, { etag: '"v1"', 'cache-control': `max-age=0${lenient}` });
            response.end('object');
        });
        const node = await relay(from.url);
        await ask(node.url, '/lenient');
        await ask(node.url, '/strict');
        failing = true;
        expect((await ask(node.url, '/lenient')).body.toString()).toBe('object');
        expect((await ask(node.url, '/strict')).status).toBe(503);
        await from.close();
        expect((await ask(node.url, '/lenient')).body.toString()).toBe('object');
        expect((await ask(node.url, '/strict')).status).toBe(502);
    });

    it('survives a restart, and is fetched again if its file was damaged', async () => {
        const from = await origin((request, response) => {
            response.writeHead(200, { ...fresh, 'cache-control': 'max-age=600' });
            response.end(request.url);
        });
        const dataDir = await tempDir();
        const before = await startTestNode({ world: createWorld(), parentUrl: from.url, dataDir });
        for (const path of ['/a', '/b']) await ask(before.url, path);
        await before.stop();
        const objects = join(dataDir, 'cache', 'objects');
        const [name] = (await readdir(objects, { recursive: true })).filter((entry) => entry.length > 2);
        const bytes = await readFile(join(objects, name!));
        bytes[Math.floor(bytes.length / 3)]! ^= 1;
        await writeFile(join(objects, name!), bytes);
        const after = await relay(from.url, { dataDir });
        const answers = await Promise.all(['/a', '/b'].map((path) => ask(after.url, path)));
        expect(answers.map(({ headers }) => headers['ocm-cache']).sort()).toEqual(['hit', 'miss']);
        expect(answers.map(({ body }) => body.toString())).toEqual(['/a', '/b']);
        expect(from.requests).toHaveLength(3);
    });

    it('leaves when the tiers are full; memory and disk stay bounded', async () => {
        const from = await origin((request, response) => {
            response.writeHead(200, fresh);
            response.end(Buffer.alloc(10_000, request.url));
        });
        const dataDir = await tempDir();
        const cache = { memoryBytes: 50_000, diskBytes: 60_000, maxObjectBytes: 20_000 };
        const node = await startTestNode({ world: createWorld(), parentUrl: from.url, dataDir, config: { cache } });
        for (let index = 0; index < 30; index += 1) await ask(node.url, `/${index}`);
        expect(node.status.read().cache.bytes).toBeLessThanOrEqual(50_000);
        // Objects on their way to the disk are beyond its bound.
        await eventually(() => expect(node.status.read().cache.objects).toBeLessThanOrEqual(6));
        await node.stop();
        const files = (await readdir(join(dataDir, 'cache', 'objects'), { recursive: true })).filter(
            (entry) => entry.length > 2,
        );
        expect(files.length).toBeGreaterThan(0);
        expect(files.length).toBeLessThanOrEqual(4);
    });
});

describe('a 5xx of the parent', () => {
    it('is shared by those who wait for it, and not stored', async () => {
        let answerAll: () => void = () => undefined;
        const waiting = new Promise<void>((resolve) => {
            answerAll = resolve;
        });
        const from = await origin(async (_, response) => {
            await waiting;
            response.writeHead(503);
            response.end('busy');
        });
        const node = await relay(from.url);
        const answers = Promise.all(Array.from({ length: 10 }, () => ask(node.url, '/a')));
        await until(() => from.requests.length === 1, 'fetch');
        await new Promise((resolve) => setTimeout(resolve, 100));
        answerAll();
        expect((await answers).map(({ status }) => status)).toEqual(Array(10).fill(503));
        expect(from.requests).toHaveLength(1);
        await ask(node.url, '/a');
        expect(from.requests).toHaveLength(2);
    });
});
