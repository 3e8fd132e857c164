import { STATUS_PATH } from '@ocm/sdk/http';
import { afterEach, describe, expect, it } from 'vitest';
import { HealthMonitor } from '../src/topology/health.js';
import { ask, Cleanup, createWorld, named, silent, startOrigin, startTestNode, until } from './support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

describe('a router', () => {
    it('takes a peer that says that it leaves out at once, and back only after two answers', async () => {
        const peer = named('peer').address;
        let isDraining = false;
        const from = await startOrigin((_, response) => {
            response.writeHead(200).end(JSON.stringify({ node: peer, isDraining }));
        });
        cleanup.add(() => from.close());
        const monitor = new HealthMonitor({
            peers: () => [{ node: peer, host: '127.0.0.1', port: from.port }],
            allowsPrivate: () => true,
            intervalMs: 600_000,
            timeoutMs: 2_000,
            log: silent,
        });
        cleanup.add(() => monitor.close());
        await monitor.firstRound;
        expect(monitor.isHealthy(peer)).toBe(true);
        isDraining = true;
        await monitor.probe();
        expect(monitor.isHealthy(peer)).toBe(false);
        isDraining = false;
        await monitor.probe();
        expect(monitor.isHealthy(peer)).toBe(false);
        await monitor.probe();
        expect(monitor.isHealthy(peer)).toBe(true);
    });

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
        await ask(watched.url, STATUS_PATH);
        const leaving = timed(watched.leave());
        await until(async () => (await ask(watched.url, '/readyz')).status === 503, 'leaving');
        expect(JSON.parse((await ask(watched.url, STATUS_PATH)).body.toString()).isDraining).toBe(true);
        expect(await leaving).toBeLessThan(30_000);

        const forgotten = await start(500);
        await ask(forgotten.url, STATUS_PATH);
        expect(await timed(forgotten.leave())).toBeGreaterThanOrEqual(500);
    });
});
