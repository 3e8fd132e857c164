import { afterEach, describe, expect, it } from 'vitest';
import { type CacheRequest, ObjectCache } from '../src/cache/object-cache.js';
import { openStorage } from '../src/cache/storage/open-storage.js';
import { createUpstream } from '../src/cache/upstream.js';
import { cleanup, ranged, scripted } from './cache-support.js';
import { type Origin, startOrigin, tempDir } from './support.js';

afterEach(() => cleanup.run());

const fresh = { 'cache-control': 'max-age=60' };

/** One life of a cache: opens what is there, answers one request, and writes what it stored. */
async function live(
    origin: Origin,
    folder: string,
    request: Partial<CacheRequest> = {},
    maxObjectBytes = 1_000,
): Promise<string> {
    const upstream = createUpstream(origin.url);
    const storage = await openStorage({ folder, memoryBytes: 1e6, diskBytes: 1e6, onError: () => undefined });
    const cache = new ObjectCache({ upstream, storage, maxObjectBytes });
    await cache.store.open();
    const answer = await cache.lookup({ method: 'GET', pathAndQuery: '/a', headers: {}, ...request });
    const { body, status } = answer;
    const chunks: Buffer[] = Buffer.isBuffer(body) ? [body] : [];
    if (!Buffer.isBuffer(body)) for await (const chunk of body.read()) chunks.push(chunk);
    // The body is stored in a turn after its last reader's.
    await new Promise((resolve) => setTimeout(resolve, 20));
    await storage.settle();
    await upstream.close();
    return `${status} ${Buffer.concat(chunks)} ${answer.disposition}`;
}
async function origin(handler: Parameters<typeof startOrigin>[0]): Promise<Origin> {
    const started = await startOrigin(handler);
    cleanup.add(() => started.close());
    return started;
}

describe('what a cache has stored', () => {
    it('answers after a restart, with the age that it has', async () => {
        const from = await origin(scripted({ '/a': [{ headers: { ...fresh, age: '57' }, body: 'a' }] }));
        const folder = await tempDir();
        expect(await live(from, folder)).toBe('200 a miss');
        expect(await live(from, folder)).toBe('200 a hit');
        await new Promise((resolve) => setTimeout(resolve, 3_000));
        expect(await live(from, folder)).toBe('200 a miss');
    });

    it('is still told apart by the fields that it varies by', async () => {
        const from = await origin((request, response) => {
            response.writeHead(200, { ...fresh, vary: 'x' }).end(request.headers.x);
        });
        const folder = await tempDir();
        for (const disposition of ['miss', 'hit']) {
            for (const x of ['1', '2'])
                expect(await live(from, folder, { headers: { x } })).toBe(`200 ${x} ${disposition}`);
        }
    });

    it('may be a part of an object that is too large to keep', async () => {
        const from = await origin(ranged(() => '"1"'));
        const folder = await tempDir();
        expect(await live(from, folder, { range: 'bytes=2-5' }, 8)).toBe('206 2345 miss');
        const askedBefore = from.requests.length;
        expect(await live(from, folder, { range: 'bytes=3-4' }, 8)).toBe('206 34 hit');
        expect(from.requests).toHaveLength(askedBefore);
    });

    it('by another program is thrown away', async () => {
        const from = await origin(scripted({ '/a': [{ headers: fresh, body: 'a' }] }));
        const folder = await tempDir();
        const storage = await openStorage({ folder, memoryBytes: 1e6, diskBytes: 1e6, onError: () => undefined });
        for await (const _ of storage.open()) expect.unreachable('an empty folder');
        const key = `${new URL(from.url).host}/a`;
        storage.put({ key, meta: { v: 1, status: 200 }, body: Buffer.from('a') });
        await storage.settle();
        expect(await live(from, folder)).toBe('200 a miss');
    });
});
