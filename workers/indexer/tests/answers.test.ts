import { problemBody } from '@ocm/runtime';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testAddress as address, type Served, serve } from './support/served.js';

let served: Served;
let app: FastifyInstance;
beforeAll(async () => {
    served = await serve();
    app = await served.create();
});
afterAll(async () => {
    await app.close();
    await served.dispose();
});

const get = (url: string, headers: Record<string, string> = {}) => app.inject({ method: 'GET', url, headers });

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
        const strict = await served.create({ requestsPerMinute: 3 });
        const ask = () => strict.inject({ method: 'GET', url: '/v1/status' });
        expect([await ask(), await ask(), await ask()].map(({ statusCode }) => statusCode)).toEqual([200, 200, 200]);
        const refused = await ask();
        expect(refused.statusCode).toBe(429);
        expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
        expect(problemBody.parse(refused.json())).toMatchObject({ code: 'MKT_INDEXER__RATE_LIMITED', status: 429 });
        expect((await strict.inject({ method: 'GET', url: '/healthz' })).statusCode).toBe(200);
        await strict.close();
    });

    it('of a database that is gone hides what went wrong', async () => {
        const broken = await served.create({
            database: () => ({ ...served.home.current(), all: () => Promise.reject(new Error('secret path')) }),
        });
        const response = await broken.inject({ method: 'GET', url: '/v1/nodes' });
        expect(response.statusCode).toBe(500);
        expect(response.body).not.toContain('secret');
        await broken.close();
    });
});
