import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { ask, Cleanup, createWorld, named, startOrigin, startTestNode, until } from './support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

const CAST = named('cast').address;
const LOOP = { headers: { 'cdn-loop': CAST } };
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A RELAY before what refuses loops as a CAST does, but not before it is told to. */
async function start(answer: (response: ServerResponse, turn: number) => void) {
    const refusals: (() => void)[] = [];
    let turns = 0;
    const cast = await startOrigin((request, response) => {
        if (request.headers['cdn-loop']?.includes(CAST) === true) {
            refusals.push(() => response.writeHead(508, { 'cache-control': 'no-store' }).end('loop'));
            return;
        }
        turns += 1;
        answer(response, turns);
    });
    cleanup.add(() => cast.close());
    const relay = await startTestNode({ world: createWorld(), parentUrl: cast.url });
    cleanup.add(() => relay.stop());
    return { cast, relay, refusals };
}

describe('a viewer that names the parent of a node as one that its request has passed', () => {
    it('is refused alone: those who waited share one fetch, and it is stored', async () => {
        const { cast, relay, refusals } = await start((response) =>
            response.writeHead(200, { 'cache-control': 'max-age=60' }).end('object'),
        );
        const hostile = ask(relay.url, '/a', LOOP);
        await until(() => refusals.length === 1, 'the fetch that the parent will refuse');
        const others = [1, 2, 3].map(() => ask(relay.url, '/a'));
        await pause(50);
        refusals[0]?.();
        expect((await hostile).status).toBe(508);
        expect((await Promise.all(others)).map(({ body }) => body.toString())).toEqual(Array(3).fill('object'));
        expect(cast.requests).toHaveLength(2);
        expect((await ask(relay.url, '/a')).headers['ocm-cache']).toBe('hit');
    });

    it('keeps nobody else on what is stale', async () => {
        const { relay, refusals } = await start((response, turn) =>
            response.writeHead(200, { 'cache-control': 'max-age=0, stale-if-error=600' }).end(`version ${turn}`),
        );
        expect((await ask(relay.url, '/a')).body.toString()).toBe('version 1');
        const hostile = ask(relay.url, '/a', LOOP);
        await until(() => refusals.length === 1, 'the fetch that the parent will refuse');
        const other = ask(relay.url, '/a');
        await pause(50);
        refusals[0]?.();
        expect((await hostile).body.toString()).toBe('version 1');
        expect((await other).body.toString()).toBe('version 2');
    });

    it('has no part in a fetch in the background', async () => {
        const { cast, relay } = await start((response) =>
            response.writeHead(200, { 'cache-control': 'max-age=0, stale-while-revalidate=600' }).end('object'),
        );
        await ask(relay.url, '/a');
        expect((await ask(relay.url, '/a', LOOP)).headers['ocm-cache']).toBe('hit');
        await until(() => cast.requests.length === 2, 'the fetch in the background');
        expect(cast.requests[1]?.headers['cdn-loop']).toBe(relay.config.node);
    });
});
