import { rename, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { CacheJob, PurgeRequest } from '@ocm/sdk/http';
import { afterEach, describe, expect, it } from 'vitest';
import { problemOf, sendProblem } from '../src/http/json.js';
import { createNodeServer } from '../src/http/server.js';
import { PurgeHandler } from '../src/purge/handler.js';
import { JobFile } from '../src/purge/job-file.js';
import { CacheJobs } from '../src/purge/jobs.js';
import { normaliseUrl } from '../src/purge/normalise.js';
import { PurgeableStorage } from '../src/purge/purgeable-storage.js';
import { Access } from '../src/roles/access.js';
import { objectOf, storageIn } from './storage-support.js';
import { ask, Cleanup, codeOf, eventually, OPERATOR_SECRET, operator, post, silent, tempDir } from './support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());
const HOST = 'origin.example';
const PURGE = '/.well-known/ocm/purge';
const PREPOSITION = '/.well-known/ocm/preposition';

/** The storage, the jobs and their paths as a node has them; `clock` is the time of all of them. */
async function world({ folder = '', prefetch = async (_: string, _signal: AbortSignal): Promise<number> => 200 } = {}) {
    const clock = { nowMs: 10_000 };
    const dataDir = folder === '' ? await tempDir() : folder;
    const inner = await storageIn(join(dataDir, 'cache'));
    const storage = new PurgeableStorage(inner.storage);
    const left: string[] = [];
    const jobs = new CacheJobs({
        cache: {
            enforce: (rule) => storage.enforce(rule),
            sweep: (...input) => storage.sweep(...input),
            leaveFlights: (matches) => left.push(...['/live/1.m4s', '/vod/1.mp4'].filter(matches)),
            prefetch,
        },
        file: new JobFile(join(dataDir, 'purge', 'jobs.json')),
        normalise: (url) => normaliseUrl(url, new Set(['cdn.example']), new Set(['v'])),
        collections: { intro: ['/intro/1.m4s', 'https://cdn.example/intro/2.m4s'] },
        now: () => clock.nowMs,
        log: silent,
    });
    await jobs.load();
    const access = new Access({ operatorSecret: OPERATOR_SECRET, readTokens: [] });
    const handler = new PurgeHandler(access, jobs);
    const server = createNodeServer((request, response) => {
        handler.handle(request, response, (request.url ?? '').split('?', 1)[0] ?? '').then(
            (isOurs) => isOurs || response.writeHead(404).end(),
            (error: unknown) => sendProblem(response, problemOf(error)),
        );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    cleanup.add(() => server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const store = (path: string, headers: Record<string, string> = {}, requestTimeMs = clock.nowMs): void =>
        storage.put(
            objectOf(`${HOST}${path}`, `body of ${path}`, { requestTimeMs, responseTimeMs: requestTimeMs, headers }),
        );
    const paths = (): string[] => [...storage.keys()].map((key) => key.slice(HOST.length)).sort();
    const send = (path: string, body: unknown) => post(url, path, body, { headers: operator });
    const settled = async (job: CacheJob): Promise<CacheJob> => {
        await eventually(() => expect(jobs.get(job.id).endedAtMs).not.toBeNull());
        return jobs.get(job.id);
    };
    const purge = async (request: Partial<PurgeRequest>): Promise<CacheJob> =>
        settled(JSON.parse((await send(PURGE, request)).body.toString()) as CacheJob);
    return { clock, dataDir, storage, inner, jobs, url, left, store, paths, send, purge, settled };
}
const MEDIA = ['/intro/1.m4s', '/live/1.m4s', '/live/2.m4s', '/live/2.m4s?v=2', '/vod/1.mp4'];

describe('a purge', () => {
    it.each<[string, Partial<PurgeRequest>, string[]]>([
        ['by URL', { urls: ['/live/1.m4s'] }, ['/live/1.m4s']],
        [
            'by URL with its host, not normalised',
            { urls: ['http://CDN.example:80/live/./%32.m4s?x=1&v=2'] },
            ['/live/2.m4s?v=2'],
        ],
        [
            'by pattern',
            { patterns: [{ pattern: '/live/?.m4s', caseSensitive: false, matchQueryString: false }] },
            MEDIA.slice(1, 4),
        ],
        [
            'by pattern with the query',
            { patterns: [{ pattern: '*$?v=*', caseSensitive: true, matchQueryString: true }] },
            ['/live/2.m4s?v=2'],
        ],
        ['by configured collection', { collections: ['intro'] }, ['/intro/1.m4s']],
        ['by tag of the responses', { collections: ['show-7'] }, ['/live/2.m4s', '/vod/1.mp4']],
    ])('%s removes what it names and nothing else', async (_, request, gone) => {
        const { store, purge, paths, clock } = await world();
        const tags: Record<string, Record<string, string>> = {
            '/live/2.m4s': { 'cache-tag': 'show-70, show-7' },
            '/vod/1.mp4': { 'surrogate-key': 'all show-7' },
        };
        for (const path of MEDIA) store(path, tags[path]);
        clock.nowMs += 1;
        expect(await purge(request)).toMatchObject({ state: 'done', done: gone.length, errors: [] });
        expect(paths()).toEqual(MEDIA.filter((path) => !gone.includes(path)).sort());
    });

    it('removes every variant of a URL', async () => {
        const { store, purge, paths } = await world();
        for (const variant of ['', '\nc29tZSB2YXJpYW50', '\n\npart 3']) store(`/vod/1.mp4${variant}`);
        await purge({ urls: ['/vod/1.mp4'] });
        expect(paths()).toEqual([]);
    });

    it('keeps out what was under way when it was accepted, and lets in what was asked for later', async () => {
        const { store, purge, paths, clock, left } = await world();
        const askedAtMs = clock.nowMs;
        clock.nowMs += 100;
        await purge({ patterns: [{ pattern: '/live/*', caseSensitive: false, matchQueryString: false }] });
        expect(left).toEqual(['/live/1.m4s']);
        clock.nowMs += 100;
        store('/live/1.m4s', {}, askedAtMs);
        store('/vod/1.mp4', {}, askedAtMs);
        expect(paths()).toEqual(['/vod/1.mp4']);
        store('/live/1.m4s');
        expect(paths()).toEqual(['/live/1.m4s', '/vod/1.mp4']);
    });

    it('keeps out the tagged that was under way, and a 304 that freshens what was purged', async () => {
        const { storage, store, purge, clock, left, inner } = await world();
        store('/live/1.m4s');
        const askedAtMs = clock.nowMs;
        clock.nowMs += 100;
        await purge({ collections: ['show'], method: 'invalidate' });
        await purge({ urls: ['/live/1.m4s'], method: 'invalidate' });
        // Tags are not known before the answer: nobody may join any fetch.
        expect(left).toEqual(['/live/1.m4s', '/vod/1.mp4', '/live/1.m4s']);
        store('/vod/1.mp4', { 'cache-tag': 'show' }, askedAtMs);
        expect(storage.has(`${HOST}/vod/1.mp4`)).toBe(false);
        storage.describe(`${HOST}/live/1.m4s`, { requestTimeMs: askedAtMs, headers: {} });
        expect(inner.storage.metaOf(`${HOST}/live/1.m4s`)).toMatchObject({ requestTimeMs: 0, responseTimeMs: 0 });
        storage.describe(`${HOST}/live/1.m4s`, { requestTimeMs: clock.nowMs + 1, headers: {} });
        expect(inner.storage.metaOf(`${HOST}/live/1.m4s`)).toMatchObject({ requestTimeMs: clock.nowMs + 1 });
    });

    it('reaches what lies on disk only, and stays in force over a kill before it was done', async () => {
        const first = await world();
        for (const path of MEDIA) first.store(path);
        await first.inner.storage.settle();
        // Accepted and written, but not run: as if killed in between.
        const open = { id: 'a', type: 'purge', state: 'pending', acceptedAtMs: first.clock.nowMs + 5, endedAtMs: null };
        const request = { urls: ['/live/1.m4s'], patterns: [], collections: [], method: 'delete' };
        const job = { ...open, done: 0, total: null, errors: [], request };
        await writeFile(join(first.dataDir, 'purge', 'jobs.json'), JSON.stringify([job]));
        const second = await world({ folder: first.dataDir });
        second.jobs.start();
        await second.settled(second.jobs.get('a'));
        expect(second.paths()).toEqual(MEDIA.filter((path) => path !== '/live/1.m4s').sort());
        await second.jobs.stop();
        const third = await world({ folder: first.dataDir });
        expect(third.jobs.list()).toMatchObject([{ id: 'a', state: 'done', done: 1 }]);
    });
});

describe('a preposition', () => {
    it('fetches each URL once, and names those that failed', async () => {
        const fetched: string[] = [];
        const prefetch = async (path: string): Promise<number> => {
            fetched.push(path);
            if (path === '/gone') return 404;
            if (path === '/down') throw Object.assign(new Error('no'), { code: 'MKT_NODE__PARENT_DOWN' });
            return 200;
        };
        const { send, settled } = await world({ prefetch });
        const answer = await send(PREPOSITION, { urls: ['/gone', '/down', '/a?v=1'], collections: ['intro'] });
        expect(answer.status).toBe(202);
        const job = JSON.parse(answer.body.toString()) as CacheJob;
        expect(answer.headers.location).toBe(`/.well-known/ocm/cache-jobs/${job.id}`);
        const errors = [
            { subject: '/gone', code: 'HTTP_404' },
            { subject: '/down', code: 'MKT_NODE__PARENT_DOWN' },
        ];
        expect(await settled(job)).toMatchObject({ state: 'done', done: 5, total: 5, errors });
        expect(fetched.sort()).toEqual(['/a?v=1', '/down', '/gone', '/intro/1.m4s', '/intro/2.m4s']);
    });

    it('can be ended, goes on after a restart, and a purge cannot be taken back', async () => {
        let release = (): void => undefined;
        const held = new Promise<number>((resolve) => {
            release = () => resolve(200);
        });
        const { send, url, settled, jobs } = await world({ prefetch: () => held });
        const { id } = JSON.parse((await send(PREPOSITION, { urls: ['/a', '/b'] })).body.toString()) as CacheJob;
        const purged = JSON.parse((await send(PURGE, { urls: ['/c'] })).body.toString()) as CacheJob;
        const remove = (job: string) =>
            ask(url, `/.well-known/ocm/cache-jobs/${job}`, { method: 'DELETE', headers: operator });
        expect(JSON.parse((await remove(id)).body.toString())).toMatchObject({ id, state: 'cancelled' });
        expect(codeOf(await remove(purged.id))).toBe('MKT_NODE__PURGE_IN_FORCE');
        release();
        expect(await settled(jobs.get(purged.id))).toMatchObject({ state: 'done' });
        expect(jobs.get(id).state).toBe('cancelled');
    });
});

describe('the paths of purges', () => {
    it('open to the bearer of the operator only', async () => {
        const { url } = await world();
        for (const path of [PURGE, PREPOSITION]) {
            const answer = await post(url, path, { urls: ['/a'] }, { headers: { authorization: 'Bearer wrong' } });
            expect([answer.status, codeOf(answer)]).toEqual([401, 'MKT_NODE__OPERATOR_ONLY']);
        }
        expect((await ask(url, '/.well-known/ocm/cache-jobs')).status).toBe(401);
    });

    it.each<[string, string, unknown, number, string]>([
        ['nothing', PURGE, {}, 400, 'MKT_NODE__BODY_INVALID'],
        ['an unknown field', PURGE, { urls: ['/a'], regex: '.*' }, 400, 'MKT_NODE__BODY_INVALID'],
        ['too many URLs', PURGE, { urls: Array(101).fill('/a') }, 400, 'MKT_NODE__BODY_INVALID'],
        ['another host', PURGE, { urls: ['http://evil.example/a'] }, 400, 'MKT_NODE__HOST_FOREIGN'],
        ['a path that two hops read differently', PURGE, { urls: ['/a%2Fb'] }, 400, 'MKT_NODE__PATH_INVALID'],
        ['patterns to fetch', PREPOSITION, { patterns: [{ pattern: '*' }] }, 400, 'MKT_NODE__BODY_INVALID'],
        [
            'a collection that nobody configured',
            PREPOSITION,
            { collections: ['__proto__'] },
            400,
            'MKT_NODE__COLLECTION_UNKNOWN',
        ],
        ['a body too large', PURGE, { urls: ['/'.repeat(9_000)] }, 413, 'MKT_NODE__BODY_TOO_LARGE'],
    ])('refuse %s, and keep no job of it', async (_, path, body, status, code) => {
        const { send, jobs } = await world();
        const answer = await send(path, body);
        expect([answer.status, codeOf(answer)]).toEqual([status, code]);
        expect(jobs.list()).toEqual([]);
    });

    it('stop where nothing can be written any more, and what was accepted is still on disk', async () => {
        const { send, jobs, dataDir } = await world({
            prefetch: (_, signal) => new Promise((_resolve, reject) => signal.addEventListener('abort', reject)),
        });
        expect((await send(PREPOSITION, { urls: ['/a'] })).status).toBe(202);
        await rename(join(dataDir, 'purge'), join(dataDir, 'away'));
        await writeFile(join(dataDir, 'purge'), 'a file where the folder was');
        await jobs.stop();
        await rm(join(dataDir, 'purge'));
        await rename(join(dataDir, 'away'), join(dataDir, 'purge'));
        expect((await world({ folder: dataDir })).jobs.list()).toMatchObject([
            { type: 'preposition', endedAtMs: null },
        ]);
    });

    it('hold a bounded number of jobs', async () => {
        const { send, jobs, purge } = await world({ prefetch: () => new Promise(() => undefined) });
        for (let count = 0; count < 32; count += 1)
            expect((await send(PREPOSITION, { urls: ['/a'] })).status).toBe(202);
        const refused = await send(PREPOSITION, { urls: ['/a'] });
        expect([refused.status, codeOf(refused)]).toEqual([503, 'MKT_NODE__CACHE_JOBS_FULL']);
        expect(jobs.list()).toHaveLength(32);
        // Fetches of a parent that does not answer hold up no purge.
        expect(await purge({ urls: ['/a'] })).toMatchObject({ state: 'done' });
    });
});
