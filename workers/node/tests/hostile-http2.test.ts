import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
    CONTINUATION,
    DATA,
    END_HEADERS,
    END_STREAM,
    field,
    frame,
    HEADERS,
    PING,
    RawPeer,
    RST_STREAM,
    requestHeaders,
    SETTINGS,
} from './hostile-support.js';
import { ask, Cleanup, createWorld, type Origin, startOrigin, startTestNode, tempDir, until } from './support.js';
import { ask2, connect2, issue, type TestCertificate } from './tls-support.js';

const ENHANCE_YOUR_CALM = 11;
const cleanup = new Cleanup();
let from: Origin;
let base: string;
let url: string;
let certificate: TestCertificate;

beforeAll(async () => {
    from = await startOrigin((request, response) => {
        response.writeHead(200, { 'cache-control': 'max-age=60' });
        response.end(request.url);
    });
    cleanup.add(() => from.close());
    certificate = await issue(await tempDir(), ['localhost']);
    const { certPath, keyPath } = certificate;
    const node = await startTestNode({
        world: createWorld(),
        parentUrl: from.url,
        config: {
            tls: { listen: { port: 0 }, certificates: [{ certPath, keyPath }] },
            hosts: ['localhost', '127.0.0.1'],
            limits: { idleTimeoutMs: 1_000, headersTimeoutMs: 700, requestTimeoutMs: 700, maxStreams: 20 },
        },
    });
    base = node.tlsUrl ?? '';
    url = node.url;
    cleanup.add(() => node.stop());
});
afterAll(() => cleanup.run());

const peer = (): Promise<RawPeer> => RawPeer.connect(base, certificate);
const get = (path: string, stream: number, extra: [string, string][] = [], method = 'GET'): Buffer =>
    frame(HEADERS ?? 1, END_HEADERS | END_STREAM, stream, requestHeaders(path, extra, method));
const refused = async (reason: string): Promise<number> => {
    const text = (await ask(url, '/metrics')).body.toString();
    return Number(
        new RegExp(`^ocm_node_refusals_total\\{[^}]*reason="${reason}"[^}]*\\} (\\d+)$`, 'm').exec(text)?.[1],
    );
};
/** What a peer is told that is still sending may be lost with its connection (RFC 9113 5.4.1); the metric tells why in any case. */
const expectCalm = ({ goAwayCode }: RawPeer): void => expect([null, ENHANCE_YOUR_CALM]).toContain(goAwayCode);
const untilClosed = (victim: RawPeer): Promise<void> => until(() => victim.isClosed, 'connection closed', 8_000);
const rejected = (victim: RawPeer, stream: number): boolean =>
    victim.isClosed || victim.frames.some(({ type, stream: of }) => type === RST_STREAM && of === stream);

describe('an HTTP/2 connection', () => {
    it('that resets its streams as fast as it opens them is closed (rapid reset)', async () => {
        const attacker = await peer();
        const before = from.requests.length;
        for (let index = 0; index < 400 && !attacker.isClosed; index += 1) {
            const stream = 2 * index + 1;
            attacker.send(get(`/reset/${index}`, stream), frame(RST_STREAM ?? 3, 0, stream, Buffer.from([0, 0, 0, 8])));
            if (index % 20 === 19) await new Promise((resolve) => setTimeout(resolve, 5));
        }
        await untilClosed(attacker);
        expectCalm(attacker);
        expect(await refused('stream_resets')).toBe(1);
        expect(from.requests.length - before).toBeLessThan(200);
    });

    it('that floods PING or SETTINGS is closed', async () => {
        const pinger = await peer();
        for (let index = 0; index < 150; index += 1) pinger.send(frame(PING ?? 6, 0, 0, Buffer.alloc(8)));
        await untilClosed(pinger);
        expectCalm(pinger);
        const setter = await peer();
        for (let index = 0; index < 60; index += 1)
            setter.send(frame(SETTINGS ?? 4, 0, 0, Buffer.from([0, 3, 0, 0, 0, 9])));
        await untilClosed(setter);
        expectCalm(setter);
        expect([await refused('pings'), await refused('settings')]).toEqual([1, 1]);
    });

    it('that never ends its header section is closed after the limit (CONTINUATION flood)', async () => {
        const attacker = await peer();
        attacker.send(frame(HEADERS ?? 1, END_STREAM, 1, requestHeaders('/flood')));
        for (let index = 0; index < 200 && !attacker.isClosed; index += 1) {
            attacker.send(frame(CONTINUATION ?? 9, 0, 1, field(`x-${index}`, 'a'.repeat(1_000))));
            await new Promise((resolve) => setTimeout(resolve, 2));
        }
        await untilClosed(attacker);
        expect(from.requests.some(({ url: asked }) => asked === '/flood')).toBe(false);
    });

    it('that says nothing, or stops in the middle of a request, is closed', async () => {
        const silent = await peer();
        const half = await peer();
        half.send(frame(HEADERS ?? 1, 0, 1, requestHeaders('/half')));
        await Promise.all([untilClosed(silent), untilClosed(half)]);
    });

    it('has no more streams open than the limit', async () => {
        const session = connect2(base, { ca: certificate.cert });
        await new Promise((resolve) => session.once('remoteSettings', resolve));
        expect(session.remoteSettings.maxConcurrentStreams).toBe(20);
        expect(session.remoteSettings.maxHeaderListSize).toBe(16 * 1024);
        session.destroy();
    });
});

describe('a request over HTTP/2', () => {
    it.each<[string, [string, string][]]>([
        ['a Connection header', [['connection', 'close']]],
        ['a Transfer-Encoding', [['transfer-encoding', 'chunked']]],
        ['an upper-case name', [['X-Upper', 'a']]],
        ['a second :path', [[':path', '/smuggled']]],
    ])('with %s is broken off (smuggling)', async (_, extra) => {
        const attacker = await peer();
        attacker.send(get('/smuggle', 1, extra));
        await until(() => rejected(attacker, 1), 'refused');
        expect(from.requests.some(({ url: asked }) => /smuggle/.test(asked))).toBe(false);
        attacker.socket.destroy();
    });

    it('with a line break or a NUL in a value is one request, and the value goes nowhere', async () => {
        const attacker = await peer();
        const before = from.requests.length;
        const smuggled = 'a\r\nhost: evil.example\r\n\r\nGET /smuggled HTTP/1.1';
        attacker.send(get('/broken', 1, [['accept-encoding', smuggled]]), get('/broken', 3, [['range', 'bytes=0-\0']]));
        await until(
            () => attacker.frames.filter(({ flags, type }) => type === DATA && flags & END_STREAM).length === 2,
            'answers',
        );
        const seen = from.requests.slice(before);
        expect(seen.map(({ url: asked }) => asked)).toEqual(['/broken']);
        expect(seen[0]?.headers['accept-encoding']).toBe('identity');
        attacker.socket.destroy();
    });

    it('for a host that is not ours, or for two, is refused', async () => {
        const session = connect2(base, { ca: certificate.cert });
        expect((await ask2(session, '/a', { ':authority': 'evil.example' })).status).toBe(421);
        expect((await ask2(session, '/a', { ':authority': 'localhost', host: 'evil.example' })).status).toBe(400);
        expect((await ask2(session, '/a', { ':authority': 'LOCALHOST:8443' })).status).toBe(200);
        session.destroy();
    });

    it('to CONNECT, or with a body, or with a path that climbs, is refused', async () => {
        const session = connect2(base, { ca: certificate.cert });
        const tunnel = session.request({ ':method': 'CONNECT', ':authority': '127.0.0.1:22' });
        const status = await new Promise((resolve) => tunnel.on('response', (headers) => resolve(headers[':status'])));
        expect(status).toBe(405);
        tunnel.destroy();
        expect((await ask2(session, '/a/../../b')).status).toBe(400);
        expect((await ask2(session, `/${'a'.repeat(2_100)}`)).status).toBe(414);
        const withBody = await ask2(session, '/a', { 'content-length': '5', body: 'hello' });
        expect(withBody.status).toBe(400);
        session.destroy();
    });

    it('with too many header fields gets none of its object', async () => {
        const session = connect2(base, { ca: certificate.cert });
        const many = Object.fromEntries(Array.from({ length: 80 }, (_, index) => [`x-${index}`, '1']));
        const { status, rstCode } = await ask2(session, '/many', many).catch(() => ({ status: 0, rstCode: 1 }));
        expect([0, 431]).toContain(status);
        expect(status === 431 || rstCode !== 0).toBe(true);
        expect(from.requests.some(({ url: asked }) => asked === '/many')).toBe(false);
        session.destroy();
    });

    it('whose body drips is broken off', async () => {
        const attacker = await peer();
        const head = requestHeaders('/.well-known/ocm/receipts', [['content-type', 'application/json']], 'POST');
        attacker.send(frame(HEADERS ?? 1, END_HEADERS, 1, head));
        const drip = setInterval(() => attacker.send(frame(DATA ?? 0, 0, 1, Buffer.from('{'))), 100);
        await until(() => rejected(attacker, 1), 'broken off');
        clearInterval(drip);
        attacker.socket.destroy();
    });
});
