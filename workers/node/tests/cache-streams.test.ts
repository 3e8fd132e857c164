import type { IncomingMessage, ServerResponse } from 'node:http';
import http from 'node:http';
import { pipeline, Readable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { cleanup, startProxy } from './cache-support.js';
import { type Answer, until } from './support.js';

afterEach(() => cleanup.run());

const fresh = { 'cache-control': 'max-age=60' };
const OBJECT = 'abcdefghij'.repeat(5_000);
const HALF = OBJECT.length / 2;
const behaviour = { stallTimeoutMs: 400 };

/** Sends half of the object to the first who asks and falls silent; later ones are answered by `later`. */
function stalling(
    headers: Record<string, string>,
    later: (request: IncomingMessage, response: ServerResponse) => void,
): (request: IncomingMessage, response: ServerResponse) => void {
    let asked = 0;
    return (request, response) => {
        asked += 1;
        if (asked > 1) return later(request, response);
        response.writeHead(200, { ...fresh, ...headers, 'content-length': OBJECT.length });
        return response.write(OBJECT.slice(0, HALF));
    };
}
const rest = (headers: Record<string, string>) => (_: IncomingMessage, response: ServerResponse) => {
    const range = { 'content-range': `bytes ${HALF}-${OBJECT.length - 1}/${OBJECT.length}` };
    response.writeHead(206, { ...fresh, ...headers, ...range }).end(OBJECT.slice(HALF));
};

describe('a fetch that stalls', () => {
    it('before its answer is overtaken by another, for all who wait', async () => {
        let asked = 0;
        const proxy = await startProxy(
            (_, response) => {
                asked += 1;
                if (asked > 1) response.writeHead(200, fresh).end(OBJECT);
            },
            { behaviour },
        );
        const answers = await Promise.all([1, 2, 3].map(() => proxy.get('/a')));
        expect(answers.every(({ body }) => body.toString() === OBJECT)).toBe(true);
        expect(asked).toBe(2);
    });

    it('within its answer is continued by a range of the same object', async () => {
        const proxy = await startProxy(stalling({ etag: '"1"' }, rest({ etag: '"1"' })), { behaviour });
        const answers = await Promise.all([1, 2, 3].map(() => proxy.get('/a')));
        expect(answers.every(({ body }) => body.toString() === OBJECT)).toBe(true);
        expect(proxy.origin.requests[1]?.headers).toMatchObject({ range: `bytes=${HALF}-`, 'if-range': '"1"' });
        expect((await proxy.get('/a')).body.toString()).toBe(OBJECT);
        expect(proxy.seen()).toHaveLength(2);
    });

    it('is continued by the whole of the same object if the parent cuts no ranges', async () => {
        const whole = (_: IncomingMessage, response: ServerResponse): unknown =>
            response.writeHead(200, { ...fresh, etag: '"1"' }).end(OBJECT);
        const proxy = await startProxy(stalling({ etag: '"1"' }, whole), { behaviour });
        expect((await proxy.get('/a')).body.toString()).toBe(OBJECT);
    });

    it('without a tag is continued by a whole fetch that begins with the same bytes', async () => {
        const whole = (_: IncomingMessage, response: ServerResponse): unknown =>
            response.writeHead(200, fresh).end(OBJECT);
        const proxy = await startProxy(stalling({}, whole), { behaviour });
        expect((await proxy.get('/a')).body.toString()).toBe(OBJECT);
        expect(proxy.origin.requests[1]?.headers.range).toBeUndefined();
    });

    it.each<[string, Record<string, string>, (request: IncomingMessage, response: ServerResponse) => void]>([
        ['another tag', { etag: '"1"' }, rest({ etag: '"2"' })],
        [
            'another place',
            { etag: '"1"' },
            (_, response) =>
                response.writeHead(206, { etag: '"1"', 'content-range': `bytes 0-1/${OBJECT.length}` }).end('ab'),
        ],
        ['other bytes', {}, (_, response) => response.writeHead(200).end(`X${OBJECT.slice(1)}`)],
        ['less than before', {}, (_, response) => response.writeHead(200).end('abc')],
        ['an error', {}, (_, response) => response.writeHead(503).end()],
    ])('is not continued by %s: its viewers are cut off and nothing is stored', async (_, headers, later) => {
        const proxy = await startProxy(stalling(headers, later), { behaviour });
        await expect(proxy.get('/a')).rejects.toThrow();
        const again = await proxy.get('/a').catch(() => null);
        expect(proxy.seen()).toHaveLength(3);
        expect(again?.headers.age).toBeUndefined();
    });

    it('again and again is given up', async () => {
        const proxy = await startProxy(
            (request, response) => {
                const first = /(\d+)/.exec(request.headers.range ?? '0')?.[1] ?? '0';
                const range = { 'content-range': `bytes ${first}-${OBJECT.length - 1}/${OBJECT.length}` };
                response.writeHead(first === '0' ? 200 : 206, {
                    ...fresh,
                    etag: '"1"',
                    ...(first === '0' ? {} : range),
                });
                response.write('x');
            },
            { behaviour },
        );
        await expect(proxy.get('/a')).rejects.toThrow();
        expect(proxy.seen()).toHaveLength(3);
    });
});

describe('those who wait for one fetch', () => {
    it('have a bound', async () => {
        const waiting: ServerResponse[] = [];
        const proxy = await startProxy((_, response) => waiting.push(response), { behaviour: { maxFollowers: 2 } });
        const answers = [1, 2, 3, 4].map(() => proxy.get('/a'));
        const refused = await Promise.race(answers);
        expect([refused.status, JSON.parse(refused.body.toString()).code]).toEqual([503, 'MKT_NODE__BUSY']);
        for (const response of waiting) response.writeHead(200, fresh).end('a');
        const statuses = (await Promise.all(answers)).map(({ status }) => status).sort();
        expect(statuses).toEqual([200, 200, 200, 503]);
    });
});

describe('bodies on their way', () => {
    it('of unknown length are passed on without being kept once they fill the memory for them', async () => {
        const finish: (() => void)[] = [];
        const proxy = await startProxy(
            (request, response) => {
                response.writeHead(200, fresh);
                response.write('a'.repeat(900));
                finish.push(() => response.end(request.url));
            },
            // Eight objects of the largest size may be on their way.
            { maxObjectBytes: 1_000 },
        );
        const paths = Array.from({ length: 20 }, (_, index) => `/${index}`);
        const bodies = paths.map(() => '');
        const ended = paths.map(
            (path, index) =>
                new Promise<void>((resolve, reject) => {
                    const request = http.get(proxy.url + path, { agent: false }, (response) => {
                        response.on('data', (chunk: Buffer) => {
                            bodies[index] += chunk.toString();
                        });
                        response.on('end', resolve);
                    });
                    request.on('error', reject);
                }),
        );
        await until(() => bodies.every((body) => body.length === 900), 'all on their way');
        for (const end of finish.splice(0)) end();
        await Promise.all(ended);
        expect(bodies).toEqual(paths.map((path) => 'a'.repeat(900) + path));
        await new Promise((resolve) => setTimeout(resolve, 50));
        const again = paths.map((path) => proxy.get(path, { headers: { 'cache-control': 'only-if-cached' } }));
        const stored = (await Promise.all(again)).filter(({ status }) => status === 200);
        expect(stored.length).toBeGreaterThanOrEqual(7);
        expect(stored.length).toBeLessThanOrEqual(9);
    });
});

describe('bodies that nobody wants', () => {
    it('larger than may be kept, of no announced length, leave the parent and the memory for others', async () => {
        const chunk = Buffer.alloc(64 * 1024, 'x');
        // Longer than all that connections buffer: the origin ends only when it is hung up on.
        const endless = function* (): Generator<Buffer> {
            for (;;) yield chunk;
        };
        let open = 0;
        const proxy = await startProxy(
            (request, response) => {
                response.writeHead(200, { ...fresh, etag: '"1"' });
                if (request.url === '/small') return response.end('a');
                open += 1;
                response.once('close', () => {
                    open -= 1;
                });
                return pipeline(Readable.from(endless()), response, () => undefined);
            },
            { memoryBytes: 4 << 20, maxObjectBytes: 2 << 20 },
        );
        // One more than the bodies of the largest size that may be on their way.
        for (let index = 0; index < 9; index += 1) {
            const { status } = await proxy.get(`/${index}`, { headers: { 'if-none-match': '*' } });
            expect(status).toBe(304);
        }
        await until(() => proxy.seen().length === 9 && open === 0, 'all given up');
        const [first, second] = [await proxy.get('/small'), await proxy.get('/small')];
        expect([first.body.toString(), second.body.toString()]).toEqual(['a', 'a']);
        // Kept: the second did not come from the origin.
        expect(proxy.seen().filter((one) => one === 'GET /small')).toHaveLength(1);
    });
});

describe('what is no part of an object', () => {
    it('is passed on if it comes before the answer, to the one whose request it is', async () => {
        const proxy = await startProxy((_, response) => {
            response.writeProcessing();
            response.writeEarlyHints({ link: '</a.css>; rel=preload; as=style', 'x-own': '1' });
            response.writeHead(200, fresh).end('a');
        });
        const seen: [number, string | undefined][] = [];
        const once = (): Promise<void> =>
            new Promise((resolve, reject) => {
                const request = http.get(`${proxy.url}/a`, { agent: false }, (response) => {
                    response.resume().on('end', resolve);
                });
                request.on('information', ({ statusCode, headers }) =>
                    seen.push([statusCode, headers['x-own'] as string]),
                );
                request.on('error', reject);
            });
        await once();
        expect(seen).toEqual([
            [102, undefined],
            [103, '1'],
        ]);
        await once();
        expect(seen).toHaveLength(2);
    });

    it('is dropped if it comes after the body, or belongs to the connection', async () => {
        const proxy = await startProxy((_, response) => {
            response.writeHead(200, { ...fresh, trailer: 'x-late', connection: 'x-hop', 'x-hop': '1', 'x-end': '1' });
            response.addTrailers({ 'x-late': '1' });
            response.end('a');
        });
        const hasHop = ({ headers }: Answer): unknown[] => [headers['x-hop'], headers.trailer, headers['x-end']];
        expect(hasHop(await proxy.get('/a'))).toEqual([undefined, undefined, '1']);
        expect(hasHop(await proxy.get('/a'))).toEqual([undefined, undefined, '1']);
        await until(() => proxy.seen().length === 1, 'one fetch');
    });
});
