import { problemBody } from '@ocm/runtime';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeCursor } from '../src/cursor.js';
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

const get = (url: string) => app.inject({ method: 'GET', url });
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
        ['has an index beyond all transactions', '/v1/events', encodeCursor('events-desc', [1, signature, 2 ** 40, 0])],
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
