import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { readIndex } from '../src/cache/storage/disk-index.js';
import { StorageKeys } from '../src/cache/storage/storage-keys.js';
import type { ContractView, TopologyView } from '../src/index.js';
import { copyOf, createWorlds, fetchUnder, readableOf, readClock, startContentNode } from './content-keys-support.js';
import { filesIn } from './storage-support.js';
import { ask, Cleanup, createWorld, eventually, fixedTopology, startTestNode, tempDir } from './support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

const DAY_MS = 86_400_000;
const secretsIn = async (dataDir: string): Promise<number> => (await readdir(join(dataDir, 'cache', 'groups'))).length;
/** Those that are whole; a write under way has a file of its own until it is done. */
const filesOf = async (dataDir: string): Promise<number> =>
    (await filesIn(join(dataDir, 'cache'))).filter(({ path }) => !path.endsWith('.tmp')).length;
const end = ({ contracts }: TopologyView, state: ContractView['state'], index = 0): void =>
    void Object.assign(contracts[index]!, { state });
const metricOf = async (url: string, name: string): Promise<number> =>
    Number(new RegExp(`^${name}\\S* (\\d+)$`, 'm').exec((await ask(url, '/metrics')).body.toString())?.[1]);

describe('the key of a contract', () => {
    it('is erased when the contract has ended: what was stored is gone, on copies too, and nothing of others', async () => {
        const { one, two } = createWorlds();
        const { node, origin, dataDir } = await startContentNode(cleanup, one);
        await fetchUnder(one, node.url, '/one.ts');
        await fetchUnder(two, node.url, '/two.ts');
        await eventually(async () => expect(await filesOf(dataDir)).toBe(2));
        const copy = await copyOf(dataDir);
        expect(await readableOf(copy, dataDir)).toEqual(['/one.ts', '/two.ts']);
        expect(await metricOf(node.url, 'ocm_node_content_keys')).toBe(2);
        end(one.view, 'settled');
        await eventually(async () => expect(await secretsIn(dataDir)).toBe(1));
        expect(await filesOf(dataDir)).toBe(1);
        expect(await readableOf(copy, dataDir)).toEqual(['/two.ts']);
        // Memory too: the one is fetched again, the other is not.
        await ask(node.url, '/two.ts');
        expect((await ask(node.url, '/one.ts')).headers['ocm-cache']).toBe('miss');
        expect(origin.requests.map(({ url }) => url)).toEqual(['/one.ts', '/two.ts', '/one.ts']);
        expect(await metricOf(node.url, 'ocm_node_content_keys_erased_total')).toBe(1);
        expect(await metricOf(node.url, 'ocm_node_content_key_erasure_failures_total')).toBe(0);
    });

    it('is erased from an index as well: after an orderly stop nothing on a copy names what was stored', async () => {
        const { one, two } = createWorlds();
        const { node, dataDir } = await startContentNode(cleanup, one);
        await fetchUnder(one, node.url, '/one.ts');
        await fetchUnder(two, node.url, '/two.ts');
        await eventually(async () => expect(await filesOf(dataDir)).toBe(2));
        await node.stop();
        const copy = await copyOf(dataDir);
        end(one.view, 'cancelled');
        const again = await startContentNode(cleanup, one, { dataDir });
        expect(await secretsIn(dataDir)).toBe(1);
        await again.node.stop();
        const keys = await StorageKeys.open(join(dataDir, 'cache'));
        const named: string[] = [];
        for await (const { key } of readIndex(join(copy, 'index.ocmi'), keys)) named.push(key);
        expect(named.map((key) => key.slice(key.indexOf('/')))).toEqual(['/two.ts']);
    });

    it('is erased before anybody is served, where the contract ended while the node was down', async () => {
        const { one, two } = createWorlds();
        const first = await startContentNode(cleanup, one);
        await fetchUnder(one, first.node.url, '/one.ts');
        await fetchUnder(two, first.node.url, '/two.ts');
        await eventually(async () => expect(await filesOf(first.dataDir)).toBe(2));
        const copy = await copyOf(first.dataDir);
        await first.node.stop();
        end(one.view, 'settled');
        const parentUrl = first.origin.url;
        const node = await startTestNode({ world: one, parentUrl, dataDir: first.dataDir });
        cleanup.add(() => node.stop());
        expect([await secretsIn(first.dataDir), await readableOf(copy, first.dataDir)]).toEqual([1, ['/two.ts']]);
        expect((await ask(node.url, '/two.ts')).headers['ocm-cache']).toBe('hit');
        expect((await ask(node.url, '/one.ts')).headers['ocm-cache']).toBe('miss');
    });

    it.each(['proposed', 'underfunded', 'closing'] as const)('stays while the contract is %s', async (state) => {
        const { one } = createWorlds();
        const { node, dataDir } = await startContentNode(cleanup, one, { deps: { clock: readClock({ ms: 0 }) } });
        await fetchUnder(one, node.url, '/one.ts');
        await eventually(async () => expect(await filesOf(dataDir)).toBe(1));
        end(one.view, state);
        await new Promise((resolve) => setTimeout(resolve, 1_500));
        expect([await secretsIn(dataDir), await filesOf(dataDir)]).toEqual([1, 1]);
        expect((await ask(node.url, '/one.ts')).headers['ocm-cache']).toBe('hit');
    });

    it('stays while the chain cannot be read, and where a view does not name the contract', async () => {
        const { one } = createWorlds();
        const first = await startContentNode(cleanup, one);
        await fetchUnder(one, first.node.url, '/one.ts');
        await eventually(async () => expect(await filesOf(first.dataDir)).toBe(1));
        await first.node.stop();
        for (const view of [null, { ...one.view, contracts: [] }]) {
            const findContract = vi.fn(() => Promise.reject(new Error('connection refused')));
            const topology = { ...fixedTopology(view), findContract };
            const shift = { ms: 90 * DAY_MS };
            const deps = { topology, clock: readClock(shift), now: () => Date.now() + shift.ms };
            const parentUrl = first.origin.url;
            const node = await startTestNode({ world: one, parentUrl, dataDir: first.dataDir, deps });
            await new Promise((resolve) => setTimeout(resolve, 1_500));
            expect([await secretsIn(first.dataDir), await filesOf(first.dataDir)]).toEqual([1, 1]);
            expect(findContract).toHaveBeenCalledTimes(view === null ? 0 : 1);
            await node.stop();
        }
    });

    it('is erased at the end of the term and the grace of its tokens by the cluster, if that is known', async () => {
        const world = createWorld();
        const shift = { ms: 0 };
        const { epochCount, epochLengthSecs } = world.view.contracts[0]!;
        const termMs = (epochCount * epochLengthSecs - 1) * 1000;
        const first = await startContentNode(cleanup, world, { deps: { clock: readClock(shift) } });
        await fetchUnder(world, first.node.url, '/one.ts');
        await eventually(async () => expect(await filesOf(first.dataDir)).toBe(1));
        shift.ms = termMs + 590_000;
        await new Promise((resolve) => setTimeout(resolve, 1_300));
        expect(await secretsIn(first.dataDir)).toBe(1);
        await first.node.stop();
        shift.ms = termMs + 601_000;
        const unread = {
            nowMs: readClock(shift).nowMs,
            state: () => ({ offsetMs: 0, readAtMs: null, isTrusted: true }),
        };
        for (const [clock, secrets] of [
            [unread, 1],
            [readClock(shift, false), 1],
            [readClock(shift), 0],
        ] as const) {
            const { node, dataDir } = await startContentNode(cleanup, world, {
                dataDir: first.dataDir,
                deps: { clock },
            });
            expect(await secretsIn(dataDir)).toBe(secrets);
            await node.stop();
        }
    });
});

describe('what was stored without a session', () => {
    it('goes with the contract in force that ends first', async () => {
        const { one } = createWorlds({ epochCount: 100 });
        const { node, dataDir } = await startContentNode(cleanup, one);
        await ask(node.url, '/a.ts');
        await fetchUnder(one, node.url, '/one.ts');
        await eventually(async () => expect(await filesOf(dataDir)).toBe(2));
        const copy = await copyOf(dataDir);
        end(one.view, 'settled', 1);
        await eventually(async () => expect(await readableOf(copy, dataDir)).toEqual(['/one.ts']));
    });

    it('before any contract was known goes with the first that ends', async () => {
        const { one, two } = createWorlds();
        const dataDir = await tempDir();
        const bare = await startContentNode(cleanup, { ...one, view: { ...one.view, contracts: [] } }, { dataDir });
        await ask(bare.node.url, '/before.ts');
        await eventually(async () => expect(await filesOf(dataDir)).toBe(1));
        await bare.node.stop();
        const { node } = await startContentNode(cleanup, one, { dataDir });
        await fetchUnder(one, node.url, '/one.ts');
        await fetchUnder(two, node.url, '/two.ts');
        await eventually(async () => expect(await filesOf(dataDir)).toBe(3));
        const copy = await copyOf(dataDir);
        expect(await readableOf(copy, dataDir)).toEqual(['/before.ts', '/one.ts', '/two.ts']);
        end(one.view, 'settled');
        await eventually(async () => expect(await readableOf(copy, dataDir)).toEqual(['/two.ts']));
    });

    it('stays where no contract ever was', async () => {
        const world = createWorld();
        world.view.contracts = [];
        const { node, dataDir } = await startContentNode(cleanup, world, { deps: { clock: readClock({ ms: 0 }) } });
        await ask(node.url, '/a.ts');
        await eventually(async () => expect(await filesOf(dataDir)).toBe(1));
        await new Promise((resolve) => setTimeout(resolve, 1_300));
        expect((await ask(node.url, '/a.ts')).headers['ocm-cache']).toBe('hit');
        expect(await metricOf(node.url, 'ocm_node_content_keys')).toBe(0);
    });
});

describe('memory', () => {
    it('loses the content of an ended contract on a node without a disk tier', async () => {
        const { one, two } = createWorlds();
        const { node } = await startContentNode(cleanup, one, { config: { cache: { diskBytes: 0 } } });
        await fetchUnder(one, node.url, '/one.ts');
        await fetchUnder(two, node.url, '/two.ts');
        end(one.view, 'settled');
        await eventually(async () => expect(await metricOf(node.url, 'ocm_node_cache_objects')).toBe(1));
        expect((await ask(node.url, '/two.ts')).headers['ocm-cache']).toBe('hit');
    });
});
