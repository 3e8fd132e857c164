import { connect } from 'node:net';
import { errorBody } from '@ocm/sdk/http';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { failure } from '../src/errors.js';
import { fetchJson } from '../src/http-client.js';
import { createHttpServer, type Listening, listen } from '../src/http-server.js';
import { createLogger } from '../src/logger.js';

const log = createLogger({ name: 'test', level: 'silent' });
let server: FastifyInstance;
let at: Listening;
let ready = false;

beforeAll(async () => {
    server = createHttpServer({
        log,
        bodyLimitBytes: 1024,
        readiness: () => (ready ? { ready } : { ready, reason: 'cluster not reached' }),
        statuses: { MKT_TEST__UNKNOWN: 404 },
    });
    const body = z.strictObject({ count: z.int() });
    server.post<{ Body: z.infer<typeof body> }>(
        '/count',
        { schema: { body, response: { 200: body } } },
        async (request) => ({
            count: request.body.count + 1,
        }),
    );
    server.get('/bug', async () => {
        throw new Error('the password is hunter2');
    });
    server.get('/rpc', async () => {
        throw failure('MKT_RUNTIME__RPC_UNREACHABLE', 'http://10.1.2.3 is down');
    });
    server.get('/unknown', async () => {
        throw failure('MKT_TEST__UNKNOWN', 'no such thing');
    });
    server.get('/broken-answer', { schema: { response: { 200: body } } }, async () => ({ count: 'internal' }));
    server.get('/large', async () => ({ text: 'x'.repeat(10_000) }));
    at = await listen({ server, host: '127.0.0.1', port: 0 });
});
afterAll(() => server.close());

async function ask(path: string, init?: RequestInit): Promise<{ status: number; text: string; code: string }> {
    const response = await fetch(at.url + path, init);
    const text = await response.text();
    return { status: response.status, text, code: errorBody.parse(JSON.parse(text)).code };
}
const post = (body: string, type = 'application/json') => ({ method: 'POST', body, headers: { 'content-type': type } });

describe('http server', () => {
    it('answers valid input', async () => {
        const response = await fetch(`${at.url}/count`, post('{"count":1}'));
        expect(await response.json()).toEqual({ count: 2 });
    });

    it('refuses wrong input with 400 naming the field', async () => {
        expect(await ask('/count', post('{"count":"1"}'))).toMatchObject({
            status: 400,
            code: 'MKT_HTTP__INPUT_INVALID',
        });
        expect((await ask('/count', post('{"count":"1"}'))).text).toContain('count');
        expect(await ask('/count', post('{"count":'))).toMatchObject({ status: 400, code: 'MKT_HTTP__BODY_MALFORMED' });
        expect(await ask('/count', post('a=b', 'text/html'))).toMatchObject({ status: 415 });
        expect(await ask('/count', post(`{"count":1,"pad":"${'x'.repeat(2000)}"}`))).toMatchObject({
            status: 413,
            code: 'MKT_HTTP__BODY_TOO_LARGE',
        });
    });

    it('hides the reason of its own faults', async () => {
        expect(await ask('/bug')).toMatchObject({ status: 500, code: 'MKT_HTTP__INTERNAL' });
        expect((await ask('/bug')).text).not.toContain('hunter2');
        expect(await ask('/rpc')).toMatchObject({ status: 503, code: 'MKT_HTTP__UNAVAILABLE' });
        expect((await ask('/rpc')).text).not.toContain('10.1.2.3');
        expect(await ask('/broken-answer')).toMatchObject({ status: 500, code: 'MKT_HTTP__INTERNAL' });
    });

    it('answers unknown paths, listed codes and bad escapes in one form', async () => {
        expect(await ask('/nothing')).toMatchObject({ status: 404, code: 'MKT_HTTP__NOT_FOUND' });
        expect(await ask('/unknown')).toMatchObject({ status: 404, code: 'MKT_TEST__UNKNOWN' });
        expect(await ask('/%zz')).toMatchObject({ status: 400, code: 'MKT_HTTP__PATH_MALFORMED' });
    });

    it('answers an over-long path with 431 and broken framing with 400, and closes', async () => {
        expect(await raw(`GET /${'a'.repeat(20_000)} HTTP/1.1\r\nhost: x\r\n\r\n`)).toMatch(
            /^HTTP\/1\.1 431 [\s\S]*MKT_HTTP__HEADERS_TOO_LARGE/,
        );
        expect(
            await raw('GET / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n'),
        ).toMatch(/^HTTP\/1\.1 400 [\s\S]*MKT_HTTP__REQUEST_MALFORMED/);
    });

    it('tells liveness and readiness apart and serves metrics', async () => {
        expect((await fetch(`${at.url}/healthz`)).status).toBe(200);
        const notReady = await fetch(`${at.url}/readyz`);
        expect(notReady.status).toBe(503);
        expect(await notReady.text()).toContain('cluster not reached');
        ready = true;
        expect((await fetch(`${at.url}/readyz`)).status).toBe(200);
        expect(await (await fetch(`${at.url}/metrics`)).text()).toContain('loop_last_success_timestamp_seconds');
    });

    it('names a busy port and the remedy', async () => {
        const second = createHttpServer({ log });
        await expect(listen({ server: second, host: '127.0.0.1', port: at.port })).rejects.toMatchObject({
            code: 'MKT_RUNTIME__PORT_BUSY',
            message: expect.stringMatching(new RegExp(`127\\.0\\.0\\.1:${at.port} is in use.*another port`)),
        });
        await expect(listen({ server: second, host: '192.0.2.1', port: 0 })).rejects.toMatchObject({
            code: 'MKT_RUNTIME__ADDRESS_UNAVAILABLE',
        });
        await second.close();
    });
});

describe('http client', () => {
    const anything = z.object({ text: z.string() });

    it('cuts off an answer that is too large', async () => {
        await expect(fetchJson({ url: `${at.url}/large`, schema: anything, maxBytes: 1000 })).rejects.toMatchObject({
            code: 'MKT_RUNTIME__PEER_ANSWER_INVALID',
        });
    });

    it('keeps the code of a refusal', async () => {
        await expect(fetchJson({ url: `${at.url}/unknown`, schema: anything })).rejects.toMatchObject({
            code: 'MKT_RUNTIME__PEER_REFUSED',
            context: { status: 404, peerCode: 'MKT_TEST__UNKNOWN' },
        });
    });

    it('tells a peer that is down, one that is mute, and an answer out of contract apart', async () => {
        await expect(fetchJson({ url: 'http://127.0.0.1:9/x', schema: anything })).rejects.toMatchObject({
            code: 'MKT_RUNTIME__PEER_UNREACHABLE',
        });
        await expect(fetchJson({ url: `${at.url}/healthz`, schema: anything })).rejects.toMatchObject({
            code: 'MKT_RUNTIME__PEER_ANSWER_INVALID',
        });
    });
});

function raw(request: string): Promise<string> {
    return new Promise((resolve, reject) => {
        const socket = connect(at.port, '127.0.0.1', () => socket.write(request));
        let answer = '';
        socket.on('data', (chunk) => {
            answer += chunk.toString('latin1');
        });
        socket.on('close', () => resolve(answer));
        socket.on('error', reject);
    });
}
