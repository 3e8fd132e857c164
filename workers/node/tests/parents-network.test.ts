import { findFreePort } from '@ocm/runtime';
import { afterEach, describe, expect, it } from 'vitest';
import { ask, Cleanup, createWorld, named, type Origin, startOrigin, startTestNode } from './support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

interface Cast {
    node: string;
    url: string;
    stop(): Promise<void>;
}

/** CASTs that shield one origin together, each knowing the others. */
async function startCasts(origin: Origin, count: number): Promise<Cast[]> {
    const places = await Promise.all(
        Array.from({ length: count }, async (_, index) => ({
            node: named(`cast ${index}`).address,
            port: await findFreePort(),
        })),
    );
    const parents = places.map(({ node, port }) => ({ node, url: `http://127.0.0.1:${port}` }));
    return Promise.all(
        places.map(async ({ node, port }) => {
            const started = await startTestNode({
                world: createWorld(),
                role: 'cast',
                parentUrl: origin.url,
                config: {
                    node,
                    cacheListen: { host: '127.0.0.1', port },
                    parentTiers: [{ name: 'shield', parents }],
                    parentPolicy: { detainAfterFailures: 1 },
                },
            });
            let isRunning = true;
            const stop = async (): Promise<void> => {
                if (isRunning) await started.stop();
                isRunning = false;
            };
            cleanup.add(stop);
            return { node, url: started.cacheUrl ?? '', stop };
        }),
    );
}
async function startWorld(): Promise<{ origin: Origin; casts: Cast[] }> {
    const origin = await startOrigin((request, response) => {
        response.setHeader('cache-control', 'max-age=600');
        response.end(`body of ${request.url}`);
    });
    cleanup.add(() => origin.close());
    return { origin, casts: await startCasts(origin, 3) };
}
const paths = Array.from({ length: 30 }, (_, index) => `/segment-${index}.m4s`);

/** Every object from every CAST at once, as RELAYs all over would ask. */
const askAll = (casts: readonly Cast[]) =>
    Promise.all(
        casts.flatMap(({ url }) =>
            paths.map(async (path) => {
                const { status, body } = await ask(url, path);
                expect([status, body.toString()]).toEqual([200, `body of ${path}`]);
            }),
        ),
    );
const timesFetched = ({ requests }: Origin): number[] =>
    paths.map((path) => requests.filter(({ url }) => url === path).length);

describe('CASTs that shield an origin together', () => {
    it('fetch each object once between them, whichever of them is asked', async () => {
        const { origin, casts } = await startWorld();
        await askAll(casts);
        await askAll(casts);
        expect(timesFetched(origin)).toEqual(paths.map(() => 1));
    });
    it('serve everything without one of them, which costs the origin each object at most once more', async () => {
        const { origin, casts } = await startWorld();
        await casts[0]?.stop();
        const left = casts.slice(1);
        await askAll(left);
        await askAll(left);
        expect(Math.max(...timesFetched(origin))).toBeLessThanOrEqual(2);
        expect(timesFetched(origin).filter((times) => times === 1).length).toBeGreaterThan(paths.length / 2);
    });
});
