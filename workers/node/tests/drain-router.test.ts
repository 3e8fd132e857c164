import { HEALTH_PATH, STATUS_PATH } from '@ocm/sdk/http';
import { afterEach, describe, expect, it } from 'vitest';
import { ask, Cleanup, createWorld, startTestNode, until } from './support.js';

const ASK = `${HEALTH_PATH}?nonce=${'0'.repeat(32)}`;
const cleanup = new Cleanup();
afterEach(() => cleanup.run());

describe('a router', () => {
    it('that watches is waited for, one that does not is not, and none for longer than announced', async () => {
        const start = async (announceMs: number) => {
            const drain = { announceMs, graceMs: 1_000 };
            const node = await startTestNode({
                world: createWorld(),
                parentUrl: 'http://127.0.0.1:9',
                config: { drain },
            });
            cleanup.add(() => node.stop());
            return node;
        };
        const timed = async (leaving: Promise<void>): Promise<number> => {
            const startedAtMs = performance.now();
            await leaving;
            return performance.now() - startedAtMs;
        };
        expect(await timed((await start(60_000)).leave())).toBeLessThan(10_000);

        const watched = await start(60_000);
        await ask(watched.url, ASK);
        const leaving = timed(watched.leave());
        await until(async () => (await ask(watched.url, '/readyz')).status === 503, 'leaving');
        const { availability } = JSON.parse((await ask(watched.url, STATUS_PATH)).body.toString());
        expect(availability).toEqual({ acceptsViewers: false, reason: 'leaving' });
        expect(await Promise.race([leaving, 'still waiting'])).toBe('still waiting');
        await ask(watched.url, ASK);
        expect(await leaving).toBeLessThan(30_000);

        const forgotten = await start(500);
        await ask(forgotten.url, ASK);
        expect(await timed(forgotten.leave())).toBeGreaterThanOrEqual(500);
    });
});
