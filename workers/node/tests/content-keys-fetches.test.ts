import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { DEFAULT_BEHAVIOUR } from '../src/cache/behaviour.js';
import { ResponseStore } from '../src/cache/response-store.js';
import { groupOfObject } from '../src/content-keys/content-keys.js';
import { OBJECT } from './cache-support.js';
import { createWorlds, fetchUnder } from './content-keys-support.js';
import { filesIn, objectOf, storageIn } from './storage-support.js';
import { ask, Cleanup, eventually, startOrigin, startTestNode, tempDir, Viewer } from './support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

async function nodeBefore(handler: Parameters<typeof startOrigin>[0]) {
    const { one } = createWorlds();
    const origin = await startOrigin(handler);
    cleanup.add(() => origin.close());
    const dataDir = await tempDir();
    const node = await startTestNode({ world: one, parentUrl: origin.url, dataDir });
    cleanup.add(() => node.stop());
    const files = async (): Promise<number> => (await filesIn(`${dataDir}/cache`)).length;
    const endOne = (): void => void Object.assign(one.view.contracts[0]!, { state: 'settled' });
    return { one, node, files, endOne };
}

describe('what is fetched for a contract', () => {
    it('is sent to who asked, but not stored, if the contract ends meanwhile', async () => {
        const held: ServerResponse[] = [];
        const { one, node, files, endOne } = await nodeBefore((request, response) => {
            response.setHeader('cache-control', 'max-age=600');
            if (request.url === '/slow.ts') {
                response.write('slow ');
                held.push(response);
            } else response.end('quick');
        });
        await fetchUnder(one, node.url, '/quick.ts');
        await eventually(async () => expect(await files()).toBe(1));
        const viewer = new Viewer(one);
        await viewer.open(node.url);
        const slow = viewer.get(node.url, '/slow.ts');
        await eventually(() => expect(held).toHaveLength(1));
        endOne();
        await eventually(async () => expect(await files()).toBe(0));
        held[0]?.end('answer');
        expect((await slow).body.toString()).toBe('slow answer');
        const again = ask(node.url, '/slow.ts');
        await eventually(() => expect(held).toHaveLength(2));
        held[1]?.end('answer');
        expect((await again).headers['ocm-cache']).toBe('miss');
    });

    it('is not joined with parts of another contract, nor does it continue their beginning', async () => {
        const { storage } = await storageIn(null, { groupOf: groupOfObject });
        const contractOf = (asked: string | undefined): string | null => asked ?? null;
        const store = new ResponseStore({ storage, behaviour: DEFAULT_BEHAVIOUR, maxObjectBytes: 100, contractOf });
        const put = async (contract: string, first: number, last: number): Promise<void> => {
            const { body } = objectOf('', OBJECT.slice(first, last + 1));
            const headers = { etag: '"1"', 'content-range': `bytes ${first}-${last}/${OBJECT.length}` };
            const received = { status: 206, headers, requestTimeMs: 0, responseTimeMs: 0 };
            await store.put('h/a', { headers: {}, contract }, received, { body });
        };
        await put('one', 0, 4);
        await put('two', 5, 9);
        expect([...storage.keys()].sort()).toEqual(['h/a\n@0-4', 'h/a\n@5-9']);
        expect(await store.findPrefix('h/a', { headers: {}, contract: 'two' })).toBeNull();
        expect((await store.findPrefix('h/a', { headers: {}, contract: 'one' }))?.object.body.toString()).toBe('01234');
        await storage.eraseGroup('contract one');
        expect([...storage.keys()]).toEqual(['h/a\n@5-9']);
        await put('two', 0, 4);
        expect([...storage.keys()]).toEqual(['h/a']);
    });
});
