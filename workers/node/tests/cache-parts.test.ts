import { afterEach, describe, expect, it } from 'vitest';
import { cleanup, OBJECT, ranged, startProxy, type TestProxy } from './cache-support.js';
import { until } from './support.js';

afterEach(() => cleanup.run());

const fresh = { 'cache-control': 'max-age=60' };

const part = async (proxy: TestProxy, range: string, more = {}): Promise<string> => {
    const answer = await proxy.get('/a', { headers: { range: `bytes=${range}`, ...more } });
    return `${answer.status} ${answer.headers['content-range']} ${answer.body}`;
};
const askedRanges = (proxy: TestProxy): (string | undefined)[] =>
    proxy.origin.requests.map(({ headers }) => headers.range?.toString());

describe('parts of an object', () => {
    it('answer the ranges that lie within them', async () => {
        const proxy = await startProxy(
            ranged(() => undefined),
            { behaviour: { forwardsRanges: true } },
        );
        expect(await part(proxy, '2-6')).toBe('206 bytes 2-6/10 23456');
        expect(await part(proxy, '3-5')).toBe('206 bytes 3-5/10 345');
        expect(await part(proxy, '6-6')).toBe('206 bytes 6-6/10 6');
        expect(await part(proxy, '6-7')).toBe('206 bytes 6-7/10 67');
        expect(askedRanges(proxy)).toEqual(['bytes=2-6', 'bytes=6-7']);
    });

    it('of one strong tag are joined until the object is whole', async () => {
        const proxy = await startProxy(
            ranged(() => '"1"'),
            { behaviour: { forwardsRanges: true } },
        );
        for (const range of ['2-4', '4-6', '0-1']) await part(proxy, range);
        expect(await part(proxy, '1-6')).toBe('206 bytes 1-6/10 123456');
        await part(proxy, '7-9');
        const whole = await proxy.get('/a');
        expect([whole.status, whole.body.toString(), whole.headers['content-range']]).toEqual([200, OBJECT, undefined]);
        expect(whole.headers['content-length']).toBe('10');
        expect(proxy.seen()).toHaveLength(4);
    });

    it('without a strong tag, or of two, are never joined', async () => {
        let tag = 'W/"1"';
        const proxy = await startProxy(
            ranged(() => tag),
            { behaviour: { forwardsRanges: true } },
        );
        await part(proxy, '0-4');
        await part(proxy, '5-9');
        expect(await part(proxy, '4-5')).toBe('206 bytes 4-5/10 45');
        expect(proxy.seen()).toHaveLength(3);
        tag = '"1"';
        await part(proxy, '1-8');
        tag = '"2"';
        await part(proxy, '0-9');
        expect(proxy.seen()).toHaveLength(5);
    });

    it('that are the beginning are completed by the rest alone, if the object is still the same', async () => {
        let tag = '"1"';
        const proxy = await startProxy(
            ranged(() => tag),
            { behaviour: { forwardsRanges: true } },
        );
        await part(proxy, '0-3');
        const whole = await proxy.get('/a');
        expect([whole.status, whole.body.toString(), whole.headers['content-length']]).toEqual([200, OBJECT, '10']);
        expect(proxy.origin.requests.at(-1)?.headers).toMatchObject({ range: 'bytes=4-', 'if-range': '"1"' });
        expect((await proxy.get('/a')).body.toString()).toBe(OBJECT);
        expect(proxy.seen()).toHaveLength(2);
        await proxy.get('/a', { method: 'POST', body: 'x' });
        await part(proxy, '0-3');
        tag = '"2"';
        expect((await proxy.get('/a')).body.toString()).toBe(OBJECT);
        expect(askedRanges(proxy).slice(2)).toEqual([undefined, 'bytes=0-3', 'bytes=4-']);
    });

    it('are not used for another representation, nor after their time', async () => {
        const proxy = await startProxy(
            ranged(() => '"1"'),
            { behaviour: { forwardsRanges: true } },
        );
        await part(proxy, '0-3');
        await part(proxy, '0-3', { 'if-range': '"1"' });
        expect(proxy.seen()).toHaveLength(1);
        expect(await part(proxy, '0-3', { 'if-range': '"0"' })).toBe(`200 undefined ${OBJECT}`);
    });

    it('of wrong length or place are passed on, but not kept', async () => {
        const lies = ['bytes 4-9/10', 'bytes 0-4/*', 'bytes 9-5/10', 'bytes 0-4/3'];
        let turn = 0;
        const proxy = await startProxy(
            (_, response) => {
                response.writeHead(206, { ...fresh, 'content-range': lies[turn] }).end('01234');
                turn += 1;
            },
            { behaviour: { forwardsRanges: true } },
        );
        for (const lie of lies) expect(await part(proxy, '4-9')).toBe(`206 ${lie} 01234`);
        expect(proxy.seen()).toHaveLength(lies.length);
    });

    it('have a bound for each URL; the oldest goes', async () => {
        const proxy = await startProxy(
            ranged(() => undefined),
            { behaviour: { forwardsRanges: true, maxParts: 2 } },
        );
        for (const range of ['0-0', '2-2', '4-4', '2-2', '0-0']) await part(proxy, range);
        expect(askedRanges(proxy)).toEqual(['bytes=0-0', 'bytes=2-2', 'bytes=4-4', 'bytes=0-0']);
    });

    it('that many ask for at once are fetched once', async () => {
        const serve = ranged(() => '"1"');
        const waiting: (() => void)[] = [];
        const proxy = await startProxy((request, response) => waiting.push(() => serve(request, response)), {
            behaviour: { forwardsRanges: true },
        });
        const answers = [1, 2, 3].map(() => part(proxy, '1-2'));
        await until(() => waiting.length === 1, 'fetch');
        await new Promise((resolve) => setTimeout(resolve, 50));
        for (const answer of waiting) answer();
        expect(await Promise.all(answers)).toEqual(Array(3).fill('206 bytes 1-2/10 12'));
        expect(waiting).toHaveLength(1);
    });
});
