import { createMetrics, listen } from '@ocm/runtime';
import { COMMITMENTS_PATH } from '@ocm/sdk/http';
import { createApp } from '../../src/app.js';
import { commitEpochs } from '../../src/commit-epochs.js';
import { createWorld, log } from './world.js';

const SESSIONS = 20;

/** A committer that listens and has committed to twenty sessions of five records at two nodes. */
export async function startApp() {
    const world = await createWorld();
    const [one, two] = world.nodes;
    const sessions = Array.from({ length: SESSIONS }, (_, index) =>
        world.session(index % 2 === 0 ? one : two, { records: 5 }),
    );
    for (const [place, node] of world.nodes.entries())
        world.serve(
            node,
            sessions.filter((_, index) => index % 2 === place),
        );
    await commitEpochs(world.deps(), new AbortController().signal);
    const server = createApp({
        store: world.store,
        nodes: world.client,
        signal: new AbortController().signal,
        status: () => world.telemetry.status(),
        log,
        metrics: createMetrics({ service: 'test', processMetrics: false }),
        readiness: () => ({ ready: true }),
    });
    const { url } = await listen({ server, host: '127.0.0.1', port: 0 });
    return {
        world,
        sessions,
        url,
        address: world.commitments[0]?.address.toBase58() ?? '',
        async get(path: string): Promise<{ status: number; body: unknown }> {
            const response = await fetch(url + COMMITMENTS_PATH + path);
            return { status: response.status, body: await response.json() };
        },
        async close() {
            await server.close();
            await world.dispose();
        },
    };
}
export type CommitterApp = Awaited<ReturnType<typeof startApp>>;
