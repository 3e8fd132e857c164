import type { ServerResponse } from 'node:http';
import type { CacheJob } from '@ocm/sdk/http';
import { afterEach, describe, expect, it } from 'vitest';
import {
    ask,
    Cleanup,
    createWorld,
    eventually,
    operator,
    post,
    startOrigin,
    startTestNode,
    tempDir,
} from './support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

/** A real node before an origin whose answers say how often it was asked; a slow path waits until it is released. */
async function nodeBefore(dataDir?: string) {
    let count = 0;
    const held: ServerResponse[] = [];
    const origin = await startOrigin((request, response) => {
        count += 1;
        response.setHeader('cache-control', 'max-age=600');
        response.setHeader('etag', '"1"');
        response.setHeader('cache-tag', 'show');
        response.setHeader('x-count', count);
        if (request.url === '/slow') held.push(response);
        else if (request.headers['if-none-match'] === '"1"') response.writeHead(304).end();
        else response.end(`answer ${count}`);
    });
    cleanup.add(() => origin.close());
    const folder = dataDir ?? (await tempDir());
    const node = await startTestNode({ world: createWorld(), parentUrl: origin.url, dataDir: folder });
    cleanup.add(() => node.stop());
    const job = async (path: string, body: unknown): Promise<CacheJob> => {
        const accepted = await post(node.url, `/.well-known/ocm/${path}`, body, { headers: operator });
        expect(accepted.status).toBe(202);
        const location = String(accepted.headers.location);
        return eventually(async () => {
            const found = JSON.parse(
                (await ask(node.url, location, { headers: operator })).body.toString(),
            ) as CacheJob;
            expect(found.state).toBe('done');
            return found;
        });
    };
    const release = (text: string): void => {
        for (const response of held.splice(0)) response.end(text);
    };
    return { node, origin, job, held, release, get: (path: string) => ask(node.url, path) };
}

describe('a node', () => {
    it.each([
        ['by URL', { urls: ['/a'] }],
        ['by pattern', { patterns: [{ pattern: '/?' }] }],
        ['by tag', { collections: ['show'] }],
    ])('answers anew after a purge %s', async (_, request) => {
        const { get, job } = await nodeBefore();
        expect([(await get('/a')).body.toString(), (await get('/a')).body.toString()]).toEqual([
            'answer 1',
            'answer 1',
        ]);
        expect((await job('purge', request)).done).toBe(1);
        expect((await get('/a')).body.toString()).toBe('answer 2');
        expect((await get('/a')).headers['ocm-cache']).toBe('hit');
    });

    it('asks its parent before it uses again what was invalidated', async () => {
        const { get, job, origin } = await nodeBefore();
        await get('/a');
        await job('purge', { urls: ['/a'], method: 'invalidate' });
        const [again, then] = [await get('/a'), await get('/a')];
        expect([again.body.toString(), then.headers['ocm-cache']]).toEqual(['answer 1', 'hit']);
        expect(origin.requests.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, '"1"']);
    });

    it('neither stores what was under way at a purge nor lets anybody join it', async () => {
        const { get, job, held, release, origin } = await nodeBefore();
        const early = get('/slow');
        await eventually(() => expect(held).toHaveLength(1));
        await job('purge', { urls: ['/slow'] });
        const late = get('/slow');
        await eventually(() => expect(held).toHaveLength(2));
        const [first] = held;
        first?.end('old');
        expect((await early).body.toString()).toBe('old');
        held.splice(0, 1);
        release('new');
        expect((await late).body.toString()).toBe('new');
        expect((await get('/slow')).body.toString()).toBe('new');
        expect(origin.requests).toHaveLength(2);
    });

    it('has what was prepositioned before anybody asks', async () => {
        const { get, job, origin } = await nodeBefore();
        expect(await job('preposition', { urls: ['/a', '/b'] })).toMatchObject({ done: 2, total: 2, errors: [] });
        await eventually(async () => expect((await get('/a')).headers['ocm-cache']).toBe('hit'));
        expect((await get('/b')).headers['ocm-cache']).toBe('hit');
        expect(origin.requests).toHaveLength(2);
    });
});
