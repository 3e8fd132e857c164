import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { PolledTopology, type TopologyView } from '../src/index.js';
import { Cleanup, createWorld, silent, tempDir, until } from './support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

async function start(dataDir: string, read: () => Promise<TopologyView>): Promise<PolledTopology> {
    const topology = await PolledTopology.start({ read, dataDir, intervalMs: 100, log: silent });
    cleanup.add(() => topology.close());
    return topology;
}
const down = async (): Promise<TopologyView> => {
    throw new Error('connection refused');
};

describe('the view of the chain', () => {
    it('is read anew, and stays the same object while nothing changes', async () => {
        const { view } = createWorld();
        let reads = 0;
        const topology = await start(await tempDir(), async () => {
            reads += 1;
            return structuredClone({ ...view, readAtMs: reads });
        });
        const first = topology.current();
        await until(() => reads >= 3, 'read again');
        expect(topology.current()).toBe(first);
        await until(() => (topology.current()?.readAtMs ?? 0) >= 3, 'time of the read');
        Object.assign(view.contracts[0] ?? {}, { state: 'underfunded' });
        await until(() => topology.current()?.contracts[0]?.state === 'underfunded', 'change seen');
    });

    it('is kept while RPC is down, also over a restart', async () => {
        const { view } = createWorld();
        const dataDir = await tempDir();
        let isUp = true;
        const first = await start(dataDir, () => (isUp ? Promise.resolve(structuredClone(view)) : down()));
        isUp = false;
        await new Promise((resolve) => setTimeout(resolve, 300));
        expect(first.current()?.contracts).toEqual(view.contracts);
        await first.close();
        const second = await start(dataDir, down);
        expect(second.current()).toEqual(view);
        isUp = true;
    });

    it('is null for a node that never saw the chain, until it does', async () => {
        const { view } = createWorld();
        let isUp = false;
        const topology = await start(await tempDir(), () => (isUp ? Promise.resolve(view) : down()));
        expect(topology.current()).toBeNull();
        isUp = true;
        await until(() => topology.current() !== null, 'seen');
    });

    it.each(['', '{', '{}', '{"nodes":[]}'])('that was stored as "%s" is not believed', async (text) => {
        const dataDir = await tempDir();
        await writeFile(join(dataDir, 'topology.json'), text);
        expect((await start(dataDir, down)).current()).toBeNull();
        expect(await readFile(join(dataDir, 'topology.json'), 'utf8')).toBe(text);
    });
});
