import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, createMetrics, problemBody } from '@ocm/runtime';
import { PROGRAM_IDS } from '@ocm/sdk';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLibsqlHome } from '../src/adapters/libsql-home.js';
import { createApp } from '../src/app.js';
import { encodeCursor } from '../src/cursor.js';
import { migrate } from '../src/migrate.js';
import type { DatabaseHome } from '../src/ports.js';
import { readStatus } from '../src/query-status.js';

const log = createLogger({ name: 'test', level: 'silent' });
const address = PROGRAM_IDS.market.toBase58();
let folder: string;
let home: DatabaseHome;
let app: FastifyInstance;

function create(requestsPerMinute: number): Promise<FastifyInstance> {
    return createApp({
        database: () => home.current(),
        status: () => readStatus(home.current(), { programs: PROGRAM_IDS, rebuilding: false, nowMs: Date.now() }),
        requestsPerMinute,
        log,
        metrics: createMetrics({ service: 'test', processMetrics: false }),
        readiness: () => ({ ready: true }),
    });
}

beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ocm-indexer-'));
    home = openLibsqlHome(folder, { discardUnreadable: false });
    await migrate(home.current());
    app = await create(100_000);
    await home.current().batch([
        {
            sql: 'INSERT INTO configs (address, slot, lamports, data, raw) VALUES (?, 1, ?, ?, ?)',
            params: [address, '18446744073709551615', JSON.stringify({ amount: '18446744073709551615' }), ''],
        },
    ]);
});
afterAll(async () => {
    await app.close();
    await home.close();
    await rm(folder, { recursive: true, force: true });
});

const get = (url: string, headers: Record<string, string> = {}) => app.inject({ method: 'GET', url, headers });
const signature = '5'.repeat(88);

describe('what is asked wrongly', () => {
    it.each([
        ['a limit of none', '/v1/nodes?limit=0', 'limit'],
        ['a limit beyond the most', '/v1/nodes?limit=101', 'limit: must be a whole number from 1 to 100'],
        ['a huge limit', `/v1/nodes?limit=${'9'.repeat(400)}`, 'limit'],
        ['a limit that is no number', '/v1/events?limit=ten', 'limit'],
        ['a negative limit', '/v1/events?limit=-1', 'limit'],
        ['two limits', '/v1/events?limit=1&limit=2', 'limit'],
        ['a filter that does not exist', '/v1/nodes?colour=red', 'colour'],
        ['a filter of another list', `/v1/nodes?contract=${address}`, 'contract'],
        ['a prototype as a filter', '/v1/nodes?__proto__=x', '__proto__'],
        ['an address that is none', '/v1/nodes?participant=0OIl', 'participant: must be a base58 address'],
        ['SQL in an address', `/v1/nodes?participant=${encodeURIComponent("' OR 1=1 --")}`, 'participant'],
        ['SQL in a word', `/v1/contracts?state=${encodeURIComponent("active'; DROP TABLE contracts; --")}`, 'state'],
        ['SQL in a name', `/v1/events?name=${encodeURIComponent('x" UNION SELECT')}`, 'name'],
        ['a wildcard', `/v1/events?name=${encodeURIComponent('%')}`, 'name'],
        ['a program that is none', '/v1/events?program=system', 'program'],
        ['an order that is none', '/v1/events?order=slot', 'order'],
        ['a slot beyond all numbers', '/v1/events?fromSlot=99999999999999999', 'fromSlot'],
        ['a fraction of a slot', '/v1/events?fromSlot=1.5', 'fromSlot'],
        ['an epoch that is no number', '/v1/commitments?epoch=NaN', 'epoch'],
        ['raw that is neither', '/v1/nodes?raw=1', 'raw'],
        ['a signature that is too short', '/v1/events?signature=abc', 'signature'],
        ['an address in the path that is none', '/v1/nodes/..%2f..%2fetc', 'address'],
        ['an empty cursor', '/v1/nodes?cursor=', 'cursor'],
        ['a long cursor', `/v1/nodes?cursor=${'A'.repeat(5_000)}`, 'cursor'],
    ])('%s is refused, naming it', async (_name, url, named) => {
        const response = await get(url);
        expect(response.statusCode).toBe(400);
        expect(response.headers['content-type']).toBe('application/problem+json; charset=utf-8');
        const problem = problemBody.parse(response.json());
        expect(problem).toMatchObject({ type: 'about:blank', title: 'Bad Request', status: 400 });
        expect(problem.detail).toContain(named);
        expect(problem.detail).toBe(problem.message);
    });

    const place = [1, signature, 0, 0];
    it.each([
        ['is no base64', '/v1/events', '%00%ff'],
        ['is no JSON', '/v1/events', Buffer.from('{').toString('base64url')],
        ['is an object', '/v1/events', Buffer.from('{"a":1}').toString('base64url')],
        ['is of another list', '/v1/events', encodeCursor('nodes', [address])],
        ['is of the other order', '/v1/events', encodeCursor('events-asc', place)],
        ['lacks a part', '/v1/events', encodeCursor('events-desc', place.slice(0, 3))],
        ['has a part too many', '/v1/events', encodeCursor('events-desc', [...place, 1])],
        ['has SQL for a number', '/v1/events', encodeCursor('events-desc', ['1) OR (1=1', signature, 0, 0])],
        ['has SQL for an address', '/v1/nodes', encodeCursor('nodes', ["' OR 1=1 --"])],
        ['is deep', '/v1/nodes', Buffer.from('['.repeat(250)).toString('base64url')],
    ])('a cursor that %s is refused with what to do', async (_name, path, cursor) => {
        const response = await get(`${path}?cursor=${cursor}`);
        expect(response.statusCode).toBe(400);
        expect(response.json()).toMatchObject({
            code: 'MKT_HTTP__CURSOR_INVALID',
            detail: expect.stringContaining('nextCursor'),
        });
    });

    it('is a path that is not served', async () => {
        const response = await get('/v2/nodes');
        expect(response.statusCode).toBe(404);
        expect(problemBody.parse(response.json()).code).toBe('MKT_HTTP__NOT_FOUND');
    });
});

describe('an answer', () => {
    it('has a strong tag that changes with it, and 304 for who has it already', async () => {
        const first = await get('/v1/configs');
        const tag = String(first.headers.etag);
        expect(tag).toMatch(/^"[A-Za-z0-9_-]{43}"$/);
        expect(first.headers['cache-control']).toBe('public, no-cache');
        for (const held of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
            const again = await get('/v1/configs', { 'if-none-match': held });
            expect([again.statusCode, again.body, again.headers.etag]).toEqual([304, '', tag]);
        }
        expect((await get('/v1/configs', { 'if-none-match': '"other"' })).statusCode).toBe(200);
        const other = await get('/v1/configs?raw=true', { 'if-none-match': tag });
        expect([other.statusCode, other.headers.etag === tag]).toEqual([200, false]);
    });

    it('keeps every digit of a 64-bit number', async () => {
        expect((await get(`/v1/configs/${address}?raw=true`)).json()).toMatchObject({
            lamports: '18446744073709551615',
            data: { amount: '18446744073709551615' },
        });
    });

    it('may be read by pages of any origin, its tag too', async () => {
        const { headers } = await get('/v1/status');
        expect(headers).toMatchObject({
            'access-control-allow-origin': '*',
            'access-control-expose-headers': 'etag, retry-after',
        });
        const preflight = await app.inject({ method: 'OPTIONS', url: '/v1/status' });
        expect(preflight.headers['access-control-allow-headers']).toContain('if-none-match');
    });

    it('is refused to who asks too often, with the time to wait', async () => {
        const strict = await create(3);
        const ask = () => strict.inject({ method: 'GET', url: '/v1/status' });
        expect([await ask(), await ask(), await ask()].map(({ statusCode }) => statusCode)).toEqual([200, 200, 200]);
        const refused = await ask();
        expect(refused.statusCode).toBe(429);
        expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
        expect(problemBody.parse(refused.json())).toMatchObject({ code: 'MKT_HTTP__TOO_MANY_REQUESTS', status: 429 });
        expect((await strict.inject({ method: 'GET', url: '/healthz' })).statusCode).toBe(200);
        await strict.close();
    });

    it('of a database that is gone hides what went wrong', async () => {
        const broken = await createApp({
            database: () => ({ ...home.current(), all: () => Promise.reject(new Error('secret path')) }),
            status: () => Promise.reject(new Error('secret path')),
            requestsPerMinute: 10,
            log,
            metrics: createMetrics({ service: 'test', processMetrics: false }),
            readiness: () => ({ ready: true }),
        });
        const response = await broken.inject({ method: 'GET', url: '/v1/nodes' });
        expect(response.statusCode).toBe(500);
        expect(response.body).not.toContain('secret');
        await broken.close();
    });
});
