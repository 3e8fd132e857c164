import { gunzipSync } from 'node:zlib';
import { LOGS_PATH, RECEIPTS_PATH, SESSIONS_PATH, STATUS_PATH } from '@ocm/sdk/http';
import { afterEach, describe, expect, it } from 'vitest';
import { evidenceOf, fileOf, filesOf } from './log-support.js';
import {
    ask,
    Cleanup,
    createWorld,
    fixedTopology,
    operator,
    startOrigin,
    startTestNode,
    tempDir,
    until,
    Viewer,
} from './support.js';
import { ask2, askTls, connect2, connectTls, issue, type TestCertificate } from './tls-support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());
const object = Buffer.alloc(300_000, 'o');

async function setUp({ role = 'relay' as 'relay' | 'cast' | 'beacon', config = {}, shiftMs = (): number => 0 } = {}) {
    const from = await startOrigin((request, response) => {
        if (request.url?.startsWith('/endless')) {
            response.writeHead(200, { 'content-length': 64 << 20, 'cache-control': 'no-store' });
            return void response.end(Buffer.alloc(64 << 20));
        }
        response.writeHead(200, { 'content-length': object.length, 'cache-control': 'max-age=600' });
        response.end(object);
    });
    cleanup.add(() => from.close());
    const world = createWorld();
    const certificate = await issue(await tempDir(), ['localhost']);
    const { certPath, keyPath } = certificate;
    const tls = { listen: { port: 0 }, certificates: [{ certPath, keyPath }] };
    const node = await startTestNode({
        world,
        parentUrl: from.url,
        role,
        config: { tls: role === 'cast' ? { ...tls, cacheListen: { port: 0 } } : tls, ...config },
        deps: { now: () => Date.now() + shiftMs(), topology: fixedTopology(world.view) },
    });
    cleanup.add(() => node.stop());
    return { from, world, node, certificate, base: node.tlsUrl ?? '' };
}
const dial = (base: string, { cert }: TestCertificate) => {
    const session = connect2(base, { ca: cert });
    cleanup.add(() => session.destroy());
    return session;
};

describe('viewers over TLS', () => {
    it('agree on HTTP/2 or HTTP/1.1, and get the same object by either, and without TLS', async () => {
        const { base, certificate, node } = await setUp();
        const session = dial(base, certificate);
        const second = await ask2(session, '/a');
        const first = await askTls(base, '/a', { ca: certificate.cert });
        const plain = await ask(node.url, '/a');
        for (const { status, body, headers } of [second, first, plain]) {
            expect([status, headers['access-control-allow-origin']]).toEqual([200, '*']);
            expect(body.equals(object)).toBe(true);
        }
        expect(session.alpnProtocol).toBe('h2');
        expect((await ask2(session, '/a', { range: 'bytes=10-19' })).body.toString()).toBe('oooooooooo');
        expect((await ask2(session, '/a', { ':method': 'HEAD' })).headers['content-length']).toBe('300000');
        expect((await ask2(session, '/a', { ':method': 'OPTIONS' })).status).toBe(204);
        expect((await ask2(session, '/a', { ':method': 'PUT' })).status).toBe(405);
    });

    it('open sessions, are stopped at their credit, sign, and are recorded, over HTTP/2', async () => {
        let shift = 0;
        const { base, certificate, node, world } = await setUp({ shiftMs: () => shift });
        const session = dial(base, certificate);
        const viewer = new Viewer(world);
        const json = { ':method': 'POST', 'content-type': 'application/json' };
        const opened = await ask2(session, SESSIONS_PATH, { ...json, body: JSON.stringify(viewer.openRequest()) });
        expect(opened.status).toBe(200);
        const got = await ask2(session, '/a', { 'ocm-session': viewer.session });
        expect(got.body.length).toBe(object.length);
        const receipt = JSON.stringify(viewer.receipt({ bytes: BigInt(object.length) }));
        expect((await ask2(session, RECEIPTS_PATH, { ...json, body: receipt })).status).toBe(200);
        await until(() => node.status.read().requests === 1, 'recorded');
        shift = (3600 + 601) * 1000;
        const [evidence] = (await evidenceOf(node.url, world)).sessions;
        const values = evidence?.records[0]?.fields.map(({ value }) => value);
        expect(values).toEqual(expect.arrayContaining(['HTTP/2.0', String(object.length)]));
        // Files, whole, in part and compressed, as over HTTP/1.1.
        const name = (await filesOf(node.url))[0]?.name ?? '';
        const file = (await fileOf(node.url, name)).body;
        const get = (headers: Record<string, string>) =>
            ask2(session, `${LOGS_PATH}/${name}`, { ...operator, ...headers });
        expect((await get({})).body.equals(file)).toBe(true);
        expect((await get({ range: 'bytes=5-9' })).body.equals(file.subarray(5, 10))).toBe(true);
        expect(gunzipSync((await get({ 'accept-encoding': 'gzip' })).body).equals(file)).toBe(true);
    });

    it('who break a stream off are charged what left, not what was asked for', async () => {
        const { base, certificate, node } = await setUp();
        const session = dial(base, certificate);
        const stream = session.request({ ':path': '/endless' });
        stream.on('error', () => undefined);
        let received = 0;
        stream.on('data', (chunk: Buffer) => {
            received += chunk.length;
            if (received >= 1 << 20) stream.pause();
        });
        await until(() => received >= 1 << 20, 'first bytes');
        stream.close(8);
        await until(() => node.status.read().requests === 1, 'recorded');
        const served = Number(node.status.read().servedBytes);
        expect(served).toBeGreaterThanOrEqual(1 << 20);
        expect(served).toBeLessThan(4 << 20);
        // The connection goes on.
        expect((await ask2(session, '/a')).status).toBe(200);
    });

    it('on several streams of one connection are each recorded with their own bytes', async () => {
        const { base, certificate, node } = await setUp();
        const session = dial(base, certificate);
        await Promise.all(Array.from({ length: 20 }, (_, index) => ask2(session, `/${index}`)));
        await until(() => node.status.read().requests === 20, 'recorded');
        expect(node.status.read().servedBytes).toBe(String(20 * object.length));
    });

    it('cannot agree on anything older than TLS 1.2, or on no protocol at all', async () => {
        const { base, certificate } = await setUp();
        const { cert: ca } = certificate;
        await expect(connectTls(base, { ca, maxVersion: 'TLSv1.1', minVersion: 'TLSv1' })).rejects.toThrow();
        await expect(connectTls(base, { ca, ALPNProtocols: ['smtp'] })).rejects.toThrow(/no application protocol/);
        const old = await connectTls(base, { ca, maxVersion: 'TLSv1.2' });
        expect(old.getProtocol()).toBe('TLSv1.2');
        old.destroy();
    });

    it('is what a RELAY may use towards its CAST too', async () => {
        const { node, certificate, from } = await setUp({ role: 'cast' });
        const mid = node.tlsCacheUrl ?? '';
        expect((await askTls(mid, '/m', { ca: certificate.cert })).body.equals(object)).toBe(true);
        expect((await ask2(dial(mid, certificate), '/m')).headers['ocm-cache']).toBe('hit');
        const routed = await ask2(dial(node.tlsUrl ?? '', certificate), '/m');
        expect([routed.status, routed.headers.location]).toEqual([302, `${from.url}/m`]);
    });

    it('are told apart by their addresses: a BEACON serves its own only', async () => {
        const { base, certificate } = await setUp({ role: 'beacon' });
        expect((await ask2(dial(base, certificate), '/a')).status).toBe(200);
        const stranger = connect2(base, { ca: certificate.cert, localAddress: '127.0.0.5' });
        cleanup.add(() => stranger.destroy());
        expect((await ask2(stranger, '/a')).status).toBe(403);
    });

    it('see no difference in the control paths', async () => {
        const { base, certificate } = await setUp();
        const answer = await ask2(dial(base, certificate), STATUS_PATH);
        expect(JSON.parse(answer.body.toString())).toMatchObject({
            role: 'relay',
            availability: { acceptsViewers: true },
            certificateDaysLeft: 9,
        });
    });
});
