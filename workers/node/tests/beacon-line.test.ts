import { STATUS_PATH } from '@ocm/sdk/http';
import { afterEach, describe, expect, it } from 'vitest';
import { HealthMonitor } from '../src/health/monitor.js';
import { ask, Cleanup, codeOf, createWorld, silent, startOrigin, startTestNode, tempDir } from './support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());
const BODY = 'x'.repeat(600 * 1024);

async function start(config: Record<string, unknown>, dataDir?: string) {
    const origin = await startOrigin((_, response) => {
        response.setHeader('cache-control', 'max-age=600');
        response.end(BODY);
    });
    cleanup.add(() => origin.close());
    const node = await startTestNode({
        world: createWorld(),
        role: 'beacon',
        parentUrl: origin.url,
        dataDir: dataDir ?? (await tempDir()),
        config,
    });
    cleanup.add(() => node.stop());
    return { origin, node };
}
const CAP = { line: { monthlyCapGibibytes: 1 / 1024, metered: 'no' } };

describe('a BEACON whose line may not be used', () => {
    it('serves what it has and sends misses to traditional delivery', async () => {
        const { origin, node } = await start({ ...CAP, traditionalUrl: 'https://cdn.example/vod/' });
        expect((await ask(node.url, '/a')).status).toBe(200);
        expect((await ask(node.url, '/b')).status).toBe(200);
        const miss = await ask(node.url, '/c');
        expect([miss.status, miss.headers.location]).toEqual([307, 'https://cdn.example/vod/c']);
        expect((await ask(node.url, '/a')).body.toString()).toBe(BODY);
        expect(origin.requests.map(({ url }) => url)).toEqual(['/a', '/b']);
    });
    it('answers 503 with the reason where there is no traditional delivery', async () => {
        const { node } = await start(CAP);
        for (const path of ['/a', '/b']) await ask(node.url, path);
        const miss = await ask(node.url, '/c');
        expect([miss.status, codeOf(miss)]).toEqual([503, 'MKT_NODE__BEACON_PAUSED']);
        expect(miss.body.toString()).toContain('data-cap');
    });
    it('says so in its status, and its CAST sends nobody there', async () => {
        const { node } = await start({ line: { quietHours: [{ from: '00:00', to: '00:00' }], metered: 'no' } });
        const status = JSON.parse((await ask(node.url, STATUS_PATH)).body.toString());
        expect(status.availability).toEqual({ acceptsViewers: false, reason: 'quiet-hours' });
        const { hostname, port } = new URL(node.url);
        const monitor = new HealthMonitor({
            node: 'cast',
            identity: null,
            maintenance: { includes: () => false },
            peers: () => [{ node: node.config.node, host: hostname, port: Number(port), spkiHex: null }],
            now: Date.now,
            allowsPrivate: () => true,
            intervalMs: 60_000,
            timeoutMs: 1_000,
            log: silent,
        });
        cleanup.add(() => monitor.close());
        await monitor.firstRound;
        expect(monitor.observe(node.config.node)?.draining).toBe(true);
        expect(monitor.stateOf(node.config.node)).toBe('draining');
    });
});
