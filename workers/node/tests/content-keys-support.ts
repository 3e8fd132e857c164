import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { groupOfObject } from '../src/content-keys/content-keys.js';
import type { NodeDeps } from '../src/index.js';
import { storageIn } from './storage-support.js';
import {
    type Cleanup,
    createWorld,
    fixedTopology,
    named,
    startOrigin,
    startTestNode,
    tempDir,
    Viewer,
    type World,
} from './support.js';

/** Cluster's clock, read in this life. */
export const readClock = (shift: { ms: number }, isTrusted = true): NodeDeps['clock'] => ({
    nowMs: () => Date.now() + shift.ms,
    state: () => ({ offsetMs: shift.ms, readAtMs: Date.now(), isTrusted }),
});

/** A world with a second contract over the same claims, which ends after `epochCount` epochs of an hour. */
export function createWorlds({ epochCount = 2_000 } = {}): { one: World; two: World } {
    const one = createWorld();
    const [contract] = one.view.contracts;
    const second = { ...contract!, ...named('second contract'), epochCount };
    one.view.contracts.push(second);
    return { one, two: { ...one, contract: named('second contract'), view: { ...one.view, contracts: [second] } } };
}

export async function startContentNode(
    cleanup: Cleanup,
    world: World,
    { dataDir, deps = {}, config = {} }: { dataDir?: string; deps?: Partial<NodeDeps>; config?: object } = {},
) {
    const origin = await startOrigin((request, response) => {
        response.setHeader('cache-control', 'max-age=600');
        response.end(`content at ${request.url}`);
    });
    cleanup.add(() => origin.close());
    const folder = dataDir ?? (await tempDir());
    const topology = { ...fixedTopology(world.view), ...deps.topology };
    const node = await startTestNode({
        world,
        parentUrl: origin.url,
        dataDir: folder,
        config: { ...config },
        deps: { ...deps, topology },
    });
    cleanup.add(() => node.stop());
    return { node, origin, dataDir: folder };
}

/** Fetches a path under a session of the world's contract. */
export async function fetchUnder(world: World, url: string, path: string): Promise<void> {
    const viewer = new Viewer(world);
    await viewer.open(url);
    await viewer.get(url, path);
}

/** What whoever has an old copy of objects and index can read with the secrets that are left: paths, in order. */
export async function readableOf(copy: string, dataDir: string): Promise<string[]> {
    const folder = await tempDir();
    await cp(join(dataDir, 'cache'), folder, { recursive: true });
    for (const name of ['objects', 'index.ocmi']) {
        await rm(join(folder, name), { recursive: true, force: true });
        await cp(join(copy, name), join(folder, name), { recursive: true }).catch(() => undefined);
    }
    const { storage, found } = await storageIn(folder, { groupOf: groupOfObject });
    const paths: string[] = [];
    for (const { key } of found) if ((await storage.load(key)) !== null) paths.push(key.slice(key.indexOf('/')));
    return paths.sort();
}

export async function copyOf(dataDir: string): Promise<string> {
    const copy = await tempDir();
    await cp(join(dataDir, 'cache'), copy, { recursive: true });
    return copy;
}
