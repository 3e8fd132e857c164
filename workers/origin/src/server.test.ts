import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request as rawRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLogger, listen } from '@ocm/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOriginServer, ORIGIN_STATUS_PATH, type OriginServer } from './server.js';

const DEMO_DIR = fileURLToPath(new URL('../media', import.meta.url));
const log = createLogger({ name: 'origin-test', level: 'silent' });
let origin: OriginServer;
let url: string;

beforeAll(async () => {
    origin = await createOriginServer({ mediaDir: DEMO_DIR, log });
    ({ url } = await listen({ server: origin.server, host: '127.0.0.1', port: 0 }));
});
afterAll(() => origin.server.close());

/** `fetch` normalises dot segments away, an attacker's client does not. */
function statusOfRawPath(path: string): Promise<number> {
    const { port } = new URL(url);
    return new Promise((resolve, reject) => {
        rawRequest({ host: '127.0.0.1', port, path }, (response) => {
            response.resume();
            resolve(response.statusCode ?? 0);
        })
            .on('error', reject)
            .end();
    });
}

describe('the origin', () => {
    it('serves playlists with their media type, a short life and an ETag that revalidates', async () => {
        const response = await fetch(`${url}/demo/master.m3u8`);
        expect(response.status).toBe(200);
        expect(response.headers.get('content-type')).toBe('application/vnd.apple.mpegurl');
        expect(response.headers.get('cache-control')).toBe('public, max-age=10');
        expect(response.headers.get('access-control-allow-origin')).toBe('*');
        expect(await response.text()).toContain('#EXT-X-STREAM-INF');
        const etag = response.headers.get('etag') ?? '';
        // Not by `fetch`, which adds `cache-control: no-cache` to a conditional request and so asks for the whole file.
        const again = await origin.server.inject({ url: '/demo/master.m3u8', headers: { 'if-none-match': etag } });
        expect(again.statusCode).toBe(304);
    });

    it('serves segments byte for byte, as immutable video', async () => {
        const response = await fetch(`${url}/demo/360p/segment-003.m4s`);
        const body = new Uint8Array(await response.arrayBuffer());
        const file = await readFile(join(DEMO_DIR, 'demo/360p/segment-003.m4s'));
        expect(createHash('sha256').update(body).digest('hex')).toBe(createHash('sha256').update(file).digest('hex'));
        expect(response.headers.get('content-type')).toBe('video/mp4');
        expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    });

    it('answers ranges, and 416 for one outside the file', async () => {
        const path = `${url}/demo/180p/segment-000.m4s`;
        const part = await fetch(path, { headers: { range: 'bytes=4-7' } });
        expect(part.status).toBe(206);
        expect(part.headers.get('content-range')).toMatch(/^bytes 4-7\/\d+$/);
        expect(await part.text()).toBe('styp');
        expect((await fetch(path, { headers: { range: 'bytes=99999999-' } })).status).toBe(416);
    });

    it('allows other sites to send a session header', async () => {
        const response = await fetch(`${url}/demo/master.m3u8`, {
            method: 'OPTIONS',
            headers: { origin: 'http://example.org', 'access-control-request-headers': 'ocm-session' },
        });
        expect(response.status).toBe(204);
        expect(response.headers.get('access-control-allow-headers')).toBe('*');
    });

    it('counts requests per path and leaves refusals out of them', async () => {
        const before = origin.counts.toStatus();
        await (await fetch(`${url}/demo/180p/init.mp4?x=1`)).arrayBuffer();
        await (await fetch(`${url}/demo/180p/init.mp4`)).arrayBuffer();
        await (await fetch(`${url}/demo/absent.m4s`)).arrayBuffer();
        const status = (await (await fetch(url + ORIGIN_STATUS_PATH)).json()) as typeof before;
        const path = '/demo/180p/init.mp4';
        expect((status.requests[path] ?? 0) - (before.requests[path] ?? 0)).toBe(2);
        expect(status.requests).not.toHaveProperty(['/demo/absent.m4s']);
        expect(status.refusedRequests - before.refusedRequests).toBe(1);
        expect(status.totalRequests - before.totalRequests).toBe(2);
    });

    it.each([
        '/../package.json',
        '/demo/../../package.json',
        '/demo/..%2f..%2fpackage.json',
        '/%2e%2e/%2e%2e/package.json',
        '/demo/%00.m3u8',
        '/demo\\..\\..\\package.json',
    ])('serves nothing outside its folder for %s', async (path) => {
        expect(await statusOfRawPath(path)).toBeGreaterThanOrEqual(400);
    });

    it('refuses an over-long path with a clear code', async () => {
        const response = await fetch(`${url}/${'a'.repeat(2000)}`);
        expect([400, 414]).toContain(response.status);
        expect(((await response.json()) as { code: string }).code).toBe('MKT_HTTP__PATH_TOO_LONG');
    });

    it('does not serve dot files or lists of folders', async () => {
        const mediaDir = await mkdtemp(join(tmpdir(), 'origin-'));
        await mkdir(join(mediaDir, 'a'));
        await writeFile(join(mediaDir, '.secret'), 'x');
        const { server } = await createOriginServer({ mediaDir, log });
        const answers = await Promise.all(['/.secret', '/a/', '/'].map((path) => server.inject(path)));
        expect(answers.every(({ statusCode }) => statusCode >= 400)).toBe(true);
        await server.close();
        await rm(mediaDir, { recursive: true });
    });

    it('names a media folder that is missing', async () => {
        await expect(createOriginServer({ mediaDir: '/nonexistent-media', log })).rejects.toMatchObject({
            code: 'MKT_ORIGIN__MEDIA_DIR_MISSING',
            message: expect.stringContaining('/nonexistent-media'),
        });
    });
});
