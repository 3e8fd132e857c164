import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createLogger, findFreePort } from '@ocm/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HttpClient, PlaybackStore, playStream, viewerConfig } from '../src/index.js';
import { type Fault, type FaultyProxy, startFaultyProxy } from './support/faulty-proxy.js';
import { buildWorkers, makeTempDir, type RunningOrigin, startOrigin } from './support/processes.js';

const MEDIA_DIR = new URL('../../origin/media/demo/', import.meta.url);
const NODE = '4Nd1mYw4r8kq7oY9m6Zx9mX8v3K8n6X1cQ5yq8V9ZbQw';

let temp: Awaited<ReturnType<typeof makeTempDir>>;
let origin: RunningOrigin;
let runs = 0;

beforeAll(async () => {
    await buildWorkers();
    temp = await makeTempDir();
    origin = await startOrigin(temp.dir);
});
afterAll(async () => {
    await origin?.stop();
    await temp?.remove();
});

async function play(entryUrl: string, overrides: object = {}) {
    runs += 1;
    const stateDir = join(temp.dir, `state-${runs}`);
    await mkdir(stateDir);
    const config = viewerConfig.parse({ entryUrl, providerUrl: 'http://127.0.0.1:9', stateDir, ...overrides });
    const http = new HttpClient({ localAddress: config.localAddress });
    try {
        return await playStream({
            config,
            http,
            store: new PlaybackStore(config.stateDir),
            log: createLogger({ name: 'viewer-test', level: 'silent' }),
            signal: new AbortController().signal,
        });
    } finally {
        await http.close();
    }
}

async function sizeOf(...folders: string[]): Promise<number> {
    let bytes = (await stat(new URL('master.m3u8', MEDIA_DIR))).size;
    for (const folder of folders) {
        const names = await readdir(new URL(`${folder}/`, MEDIA_DIR));
        for (const name of names) bytes += (await stat(new URL(`${folder}/${name}`, MEDIA_DIR))).size;
    }
    return bytes;
}

/** Plays through a proxy with faults. */
async function playWith(faultOf: (path: string, nth: number) => Fault | undefined, overrides: object = {}) {
    const proxy: FaultyProxy = await startFaultyProxy(origin.url, faultOf);
    try {
        const result = await play(`${proxy.url}/demo/master.m3u8`, overrides);
        return { result, paths: proxy.paths, addresses: proxy.addresses };
    } finally {
        await proxy.close();
    }
}

describe('traditional delivery', () => {
    it('plays the highest rendition through and counts each object once', async () => {
        const result = await play(`${origin.url}/demo/master.m3u8`);
        expect(result).toMatchObject({
            segments: 6,
            bytes: await sizeOf('360p'),
            acknowledgedBytes: 0,
            node: null,
            delivery: 'traditional',
            stalls: 0,
        });
    });

    it('plays the lowest rendition without touching the other', async () => {
        const { result, paths } = await playWith(() => undefined, { rendition: 'lowest' });
        expect(result.bytes).toBe(await sizeOf('180p'));
        expect(paths.some((path) => path.includes('360p'))).toBe(false);
    });

    it('starts low and goes up in auto', async () => {
        const { result, paths } = await playWith(() => undefined, { rendition: 'auto' });
        const segments = paths.filter((path) => path.endsWith('.m4s'));
        expect(result.segments).toBe(6);
        expect(segments[0]).toBe('/demo/180p/segment-000.m4s');
        expect(segments.at(-1)).toBe('/demo/360p/segment-005.m4s');
    });

    it('comes from the address that it was told to come from', async () => {
        const { result, addresses } = await playWith(() => undefined, { localAddress: '127.1.0.10' });
        expect(result.segments).toBe(6);
        expect([...addresses]).toEqual(['127.1.0.10']);
    });

    it('follows a router that names no node', async () => {
        const { result, paths } = await playWith((path) =>
            path === '/demo/master.m3u8' ? { kind: 'redirect', location: `${origin.url}${path}` } : undefined,
        );
        expect(result).toMatchObject({ segments: 6, delivery: 'traditional', node: null });
        expect(paths).toEqual(['/demo/master.m3u8']);
    });

    it('plays at the pace of a clock if told so, without a stall', async () => {
        const startedAt = performance.now();
        const result = await play(`${origin.url}/demo/master.m3u8`, { realtime: true });
        expect(performance.now() - startedAt).toBeGreaterThanOrEqual(11_900);
        expect(result).toMatchObject({ segments: 6, stalls: 0 });
    });
});

describe('a bad day', () => {
    it.each<[string, Fault]>([
        ['a dropped connection', { kind: 'drop' }],
        ['a segment cut off', { kind: 'cut', afterBytes: 1000 }],
        ['an overloaded server', { kind: 'status', status: 503 }],
    ])('is survived: %s', async (_, fault) => {
        const { result, paths } = await playWith((path, nth) =>
            path.endsWith('segment-002.m4s') && nth <= 2 ? fault : undefined,
        );
        expect(result).toMatchObject({ segments: 6, bytes: await sizeOf('360p') });
        expect(paths.filter((path) => path.endsWith('segment-002.m4s'))).toHaveLength(3);
    });

    it.each<[string, string, Fault, string]>([
        ['a missing segment', 'segment-001.m4s', { kind: 'status', status: 404 }, 'MKT_VIEWER__PEER_REFUSED'],
        [
            'a truncated segment of the announced length',
            'segment-001.m4s',
            { kind: 'replace', change: (body) => body.slice(0, -1) },
            'MKT_VIEWER__MEDIA_IMPLAUSIBLE',
        ],
        [
            'an error page instead of a playlist',
            'playlist.m3u8',
            { kind: 'replace', change: () => new TextEncoder().encode('<html>') },
            'MKT_VIEWER__PLAYLIST_INVALID',
        ],
        [
            'a playlist that leads into the network of the viewer',
            'playlist.m3u8',
            {
                kind: 'replace',
                change: (body) =>
                    new TextEncoder().encode(
                        new TextDecoder().decode(body).replaceAll('segment', 'http://169.254.169.254/s'),
                    ),
            },
            'MKT_VIEWER__FOREIGN_URI',
        ],
    ])('ends with the reason: %s', async (_, name, fault, code) => {
        const failed = playWith((path) => (path.endsWith(name) ? fault : undefined), { retryForMs: 300 });
        await expect(failed).rejects.toMatchObject({ code, message: expect.stringContaining(name.slice(0, 7)) });
    });

    it('ends with the reason if nobody listens', async () => {
        const port = await findFreePort();
        await expect(play(`http://127.0.0.1:${port}/demo/master.m3u8`, { retryForMs: 300 })).rejects.toMatchObject({
            code: 'MKT_VIEWER__PEER_UNREACHABLE',
            message: expect.stringContaining(String(port)),
        });
    });

    it.each<[string, Record<string, string>, string]>([
        ['redirects for ever', {}, '/demo/master.m3u8'],
        ['redirects out of HTTP', {}, 'file:///etc/passwd'],
        ['names a node that is none', { 'ocm-node': '../../x' }, '/demo/other.m3u8'],
    ])('ends with the reason if the router %s', async (_, headers, location) => {
        const failed = playWith(() => ({ kind: 'redirect', location, headers }), { retryForMs: 300 });
        await expect(failed).rejects.toMatchObject({ code: 'MKT_VIEWER__ROUTE_INVALID' });
    });

    it('ends with the reason if there is no provider to get a token from', async () => {
        const failed = playWith(
            (path) => ({ kind: 'redirect', location: `${origin.url}${path}`, headers: { 'ocm-node': NODE } }),
            { retryForMs: 300 },
        );
        await expect(failed).rejects.toMatchObject({
            code: 'MKT_VIEWER__PEER_UNREACHABLE',
            message: expect.stringContaining('/v1/tokens'),
        });
    });
});

describe('the state of a playback', () => {
    const stateOf = async (content: string) => {
        runs += 1;
        const stateDir = join(temp.dir, `state-${runs}`);
        await mkdir(stateDir);
        await writeFile(join(stateDir, 'playback.json'), content);
        return new PlaybackStore(stateDir);
    };

    it.each(['', '{', '[]', '{"version":2}', '{"version":1,"entryUrl":"http://a/","bytes":-1}'])(
        'is refused by name if it is damaged: %s',
        async (content) => {
            const store = await stateOf(content);
            await expect(store.load('http://a/')).rejects.toMatchObject({
                code: 'MKT_VIEWER__STATE_INVALID',
                message: expect.stringContaining('playback.json'),
            });
        },
    );

    it('is kept for its owner only, and for its stream only', async () => {
        const stateDir = join(temp.dir, 'fresh');
        const store = new PlaybackStore(stateDir);
        await store.save(await store.load('http://a/'));
        const path = join(stateDir, 'playback.json');
        expect((await stat(path)).mode & 0o777).toBe(0o600);
        expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ entryUrl: 'http://a/', position: 0 });
        await expect(store.load('http://b/')).rejects.toMatchObject({ code: 'MKT_VIEWER__STATE_OF_OTHER_STREAM' });
    });
});
