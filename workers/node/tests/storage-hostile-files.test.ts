import { copyFile, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type IndexedFile, readIndex, writeIndex } from '../src/cache/storage/disk-index.js';
import { NO_GROUP, StorageKeys } from '../src/cache/storage/storage-keys.js';
import { filesIn, identityOf, KIB, objectOf, storageIn } from './storage-support.js';

const CHUNK = 1024 * KIB;
const [HEADER, TAG] = [48, 16];
/** Nothing stays in memory, so that each load reads its file. */
const DISK_ONLY = { memoryBytes: 1, diskBytes: 16 * CHUNK };
const large = objectOf('large', Buffer.concat([1, 2, 3].map((value) => Buffer.alloc(CHUNK, value))), { status: 200 });

/** A storage that knows its one file, and what is in that. */
async function holding(object = large, options = {}) {
    const { storage, folder } = await storageIn(null, { ...DISK_ONLY, ...options });
    storage.put(object);
    await storage.settle();
    const [file] = await filesIn(folder);
    return { storage, folder, path: file!.path, whole: await readFile(file!.path) };
}

async function expectLost({ storage, folder }: Awaited<ReturnType<typeof holding>>, key: string): Promise<void> {
    expect(await storage.load(key)).toBeNull();
    expect(storage.counts()).toMatchObject({ objects: 0, damaged: 1 });
    await storage.settle();
    expect(await filesIn(folder)).toEqual([]);
}

describe('a file that the index knows', () => {
    it('is read whole, whatever its length', async () => {
        for (const bytes of [0, 1, 100, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 77]) {
            const object = objectOf('key', Buffer.alloc(bytes, 'abc'), { bytes });
            const { storage, folder } = await holding(object);
            expect(identityOf(await storage.load('key')), `${bytes} bytes`).toEqual(identityOf(object));
            await rm(join(folder, 'index.ocmi'));
            const { storage: scanned } = await storageIn(folder, DISK_ONLY);
            expect(identityOf(await scanned.load('key')), `${bytes} bytes`).toEqual(identityOf(object));
        }
    });

    it('is lost when it was cut off anywhere', async () => {
        const end = HEADER + 3 * (CHUNK + TAG);
        for (const bytes of [0, 20, HEADER, HEADER + 5, HEADER + CHUNK + TAG, end - TAG, end, end + 30]) {
            const held = await holding();
            await truncate(held.path, bytes);
            await expectLost(held, 'large');
        }
    });

    it('is lost when chunks of it changed places, or one of them stands for another', async () => {
        for (const order of [
            [1, 0, 2],
            [0, 2, 1],
            [0, 0, 2],
            [0, 1, 1],
        ]) {
            const held = await holding();
            const chunks = order.map((index) =>
                held.whole.subarray(HEADER + index * (CHUNK + TAG), HEADER + (index + 1) * (CHUNK + TAG)),
            );
            const [first, last] = [held.whole.subarray(0, HEADER), held.whole.subarray(HEADER + 3 * (CHUNK + TAG))];
            await writeFile(held.path, Buffer.concat([first, ...chunks, last]));
            await expectLost(held, 'large');
        }
    });

    it('is lost when one byte of header, chunk, tag or head is another', async () => {
        const end = HEADER + 3 * (CHUNK + TAG);
        for (const at of [
            0,
            4,
            10,
            30,
            HEADER - 1,
            HEADER,
            HEADER + CHUNK,
            HEADER + 2 * CHUNK,
            end - 1,
            end,
            end + 40,
        ]) {
            const held = await holding();
            held.whole[at]! ^= 1;
            await writeFile(held.path, held.whole);
            await expectLost(held, 'large');
        }
    });

    it('is lost when an older file of the same object took its place', async () => {
        const held = await holding(objectOf('key', 'the older body', { version: 1 }));
        await copyFile(held.path, `${held.folder}/older`);
        held.storage.put(objectOf('key', 'the newer body', { version: 2 }));
        await held.storage.settle();
        await copyFile(`${held.folder}/older`, held.path);
        await expectLost(held, 'key');
    });

    it('is given back with the description that it has had since, and after a start without an index', async () => {
        const { storage, folder } = await holding();
        storage.describe('large', { status: 200, note: 'n'.repeat(3_000) });
        storage.describe('large', { status: 200, note: 'short' });
        const described = { ...large, meta: { status: 200, note: 'short' } };
        expect(identityOf(await storage.load('large'))).toEqual(identityOf(described));
        await storage.settle();
        await rm(join(folder, 'index.ocmi'));
        const { storage: again } = await storageIn(folder, DISK_ONLY);
        expect(identityOf(await again.load('large'))).toEqual(identityOf(described));
    });
});

describe('an index', () => {
    const known = async (folder: string): Promise<[StorageKeys, IndexedFile]> => {
        const keys = await StorageKeys.open(folder);
        for await (const file of readIndex(join(folder, 'index.ocmi'), keys)) return [keys, file];
        throw new Error('there is no index');
    };

    it('that lies about a file makes it a miss, never another answer', async () => {
        const lies: ((file: IndexedFile) => Partial<IndexedFile>)[] = [
            ({ bodyBytes }) => ({ bodyBytes: bodyBytes - 1 }),
            ({ bodyBytes }) => ({ bodyBytes: bodyBytes - CHUNK }),
            ({ bodyBytes }) => ({ bodyBytes: bodyBytes + CHUNK }),
            () => ({ bodyBytes: 0 }),
            () => ({ bodyBytes: 2 ** 50 }),
            ({ bytes }) => ({ bytes: bytes - 1 }),
            ({ bytes }) => ({ bytes: bytes + 1 }),
            () => ({ bytes: 1 }),
            () => ({ bytes: 2 ** 20 }),
            () => ({ salt: '0'.repeat(32) }),
            () => ({ tag: NO_GROUP }),
        ];
        const grouped = { groupOf: () => 'a group' };
        for (const [index, lie] of lies.entries()) {
            const { folder } = await holding(large, grouped);
            const [keys, file] = await known(folder);
            await writeIndex(join(folder, 'index.ocmi'), keys, [{ ...file, ...lie(file) }]);
            const { storage } = await storageIn(folder, { ...DISK_ONLY, ...grouped });
            expect(await storage.load('large'), `lie ${index}`).toBeNull();
            await storage.settle();
            expect(await filesIn(folder), `lie ${index}`).toEqual([]);
        }
    });

    it('or files of an older format are not taken for anything else', async () => {
        const { folder, path, whole } = await holding();
        const indexPath = join(folder, 'index.ocmi');
        const index = await readFile(indexPath);
        index[4] = 1;
        await writeFile(indexPath, index);
        expect((await storageIn(folder, DISK_ONLY)).found.map(({ key }) => key)).toEqual(['large']);
        whole[4] = 1;
        await writeFile(path, whole);
        await rm(indexPath, { force: true });
        const { storage, found } = await storageIn(folder, DISK_ONLY);
        expect([found, await storage.load('large')]).toEqual([[], null]);
        expect(await filesIn(folder)).toEqual([]);
    });
});
