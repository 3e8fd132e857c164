import http from 'node:http';
import type { ClientHttp2Stream } from 'node:http2';
import { findFreePort } from '@ocm/runtime';
import { HEALTH_PATH, type NodeStatus, nodeStatus, STATUS_PATH } from '@ocm/sdk/http';
import { afterEach, describe, expect, it } from 'vitest';
import { isBuilt, launchNode } from './process-support.js';
import { ask, Cleanup, createWorld, type Origin, startOrigin, tempDir, until } from './support.js';
import { ask2, connect2, issue } from './tls-support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

/** As a router asks that watches. */
const ASK = `${HEALTH_PATH}?nonce=${'0'.repeat(32)}`;
const HALF = 'x'.repeat(50_000);
/** Sends the second half of each object when told. */
async function startSlowOrigin(): Promise<Origin & { finish: () => void }> {
    const waiting: (() => void)[] = [];
    const from = await startOrigin((_, response) => {
        response.writeHead(200, { 'content-length': 2 * HALF.length, 'cache-control': 'max-age=600' });
        response.write(HALF);
        waiting.push(() => response.end(HALF));
    });
    cleanup.add(() => from.close());
    return Object.assign(from, {
        finish: () => {
            for (const end of waiting.splice(0)) end();
        },
    });
}
async function setUp(drain: Record<string, number>) {
    const from = await startSlowOrigin();
    const { cert, certPath, keyPath } = await issue(await tempDir(), ['localhost']);
    const port = await findFreePort();
    const tls = { listen: { host: '127.0.0.1', port }, certificates: [{ certPath, keyPath }] };
    const input = { world: createWorld(), parentUrl: from.url, cleanup, config: { tls, drain } };
    const program = await launchNode(input);
    const session = connect2(`https://127.0.0.1:${port}`, { ca: cert });
    cleanup.add(() => session.destroy());
    return { from, program, session, input };
}
/** Counts the bytes of a body of either version of HTTP that may be cut. */
function receive(request: http.ClientRequest | ClientHttp2Stream): { bytes: () => number; closed: Promise<void> } {
    let received = 0;
    const count = (chunk: Buffer): void => {
        received += chunk.length;
    };
    request.on('error', () => undefined);
    if (request instanceof http.ClientRequest) {
        request.on('response', (response) => response.on('data', count).on('error', () => undefined));
    } else request.on('data', count);
    const closed = new Promise<void>((resolve) => request.once('close', resolve));
    return { bytes: () => received, closed };
}
const statusOf = async (url: string): Promise<NodeStatus> =>
    nodeStatus.parse(JSON.parse((await ask(url, STATUS_PATH)).body.toString()));

describe.skipIf(!isBuilt)('a node that is told to stop', () => {
    it('says so to the router that watches it, ends downloads of both versions of HTTP, and records them', async () => {
        const { from, program, session, input } = await setUp({ announceMs: 5_000, graceMs: 20_000 });
        expect((await statusOf(program.url)).availability?.acceptsViewers).toBe(true);
        await ask(program.url, ASK);
        const downloads = [ask(program.url, '/one'), ask2(session, '/two')];
        await until(() => from.requests.length === 2, 'under way');
        let goAway = false;
        session.on('goaway', () => {
            goAway = true;
        });
        program.child.kill('SIGTERM');
        await until(async () => (await ask(program.url, '/readyz')).status === 503, 'not ready');
        expect(JSON.parse((await ask(program.url, '/readyz')).body.toString())).toMatchObject({ status: 'draining' });
        expect((await ask(program.url, '/healthz')).status).toBe(200);
        expect(goAway).toBe(false);
        expect((await statusOf(program.url)).availability?.reason).toBe('leaving');
        await ask(program.url, ASK);
        await until(() => goAway, 'GOAWAY');
        await until(
            () =>
                ask(program.url, '/healthz').then(
                    () => false,
                    () => true,
                ),
            'listens no more',
        );
        await new Promise((resolve) => setTimeout(resolve, 300));
        from.finish();
        for (const { status, body } of await Promise.all(downloads))
            expect([status, body.length]).toEqual([200, 100_000]);
        expect(await program.ended).toEqual({ code: 0, signal: null });
        const again = await launchNode({ ...input, dataDir: program.dataDir });
        expect(await statusOf(again.url)).toMatchObject({ requests: 2, servedBytes: '200000' });
    });

    it('cuts downloads that outlast its grace, ends well all the same, and records what was sent of them', async () => {
        const { program, session, input } = await setUp({ announceMs: 0, graceMs: 300 });
        const downloads = [receive(http.get(`${program.url}/one`)), receive(session.request({ ':path': '/two' }))];
        // All that the origin gives: it is silent from then on.
        await until(() => downloads.every(({ bytes }) => bytes() === HALF.length), 'half of each');
        const startedAtMs = Date.now();
        program.child.kill('SIGTERM');
        await Promise.all(downloads.map(({ closed }) => closed));
        expect(downloads.map(({ bytes }) => bytes())).toEqual([HALF.length, HALF.length]);
        expect(await program.ended).toEqual({ code: 0, signal: null });
        expect(Date.now() - startedAtMs).toBeGreaterThanOrEqual(300);
        expect(Date.now() - startedAtMs).toBeLessThan(10_000);
        const again = await launchNode({ ...input, dataDir: program.dataDir });
        expect(await statusOf(again.url)).toMatchObject({ requests: 2, servedBytes: String(2 * HALF.length) });
    });

    it('ends at once when it is told a second time', async () => {
        const { from, program } = await setUp({ announceMs: 0, graceMs: 60_000 });
        const download = ask(program.url, '/one').catch(() => null);
        await until(() => from.requests.length === 1, 'under way');
        program.child.kill('SIGTERM');
        await until(() => program.output().includes('stopping'), 'told');
        const toldAtMs = Date.now();
        program.child.kill('SIGTERM');
        expect((await program.ended).code).toBe(1);
        expect(await download).toBeNull();
        expect(Date.now() - toldAtMs).toBeLessThan(3_000);
    });
});
