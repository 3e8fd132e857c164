import { copyFile, cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesIn, identityOf, KIB, objectOf, storageIn } from './storage-support.js';
import { tempDir } from './support.js';

const MARK = 'a text that must not be readable on disk';
const groupOf = ({ meta }: { meta: Readonly<Record<string, unknown>> }): string | undefined =>
    typeof meta.contract === 'string' ? meta.contract : undefined;

async function onDisk(folder: string): Promise<Buffer> {
    const files = await filesIn(folder);
    const others = [join(folder, 'index.ocmi')];
    return Buffer.concat(
        await Promise.all([...files.map(({ path }) => path), ...others].map((path) => readFile(path))),
    );
}

describe('storage at rest', () => {
    it('never serves an object of which any byte was changed', async () => {
        const { folder, storage } = await storageIn(null);
        const object = objectOf('http://origin.example/a', 'b'.repeat(40), { status: 200 });
        storage.put(object);
        await storage.settle();
        const [file] = await filesIn(folder);
        const whole = await readFile(file!.path);
        for (let index = 0; index < whole.length; index += 1) {
            const damaged = Buffer.from(whole);
            damaged[index]! ^= 1 << (index % 8);
            await writeFile(file!.path, damaged);
            const { storage: again } = await storageIn(folder);
            expect(await again.load(object.key), `byte ${index}`).toBeNull();
            expect(again.counts()).toMatchObject({ objects: 0, damaged: 1 });
            await again.settle();
        }
        await writeFile(file!.path, whole);
        await rm(join(folder, 'index.ocmi'), { force: true });
        const { storage: last } = await storageIn(folder);
        expect(identityOf(await last.load(object.key))).toEqual(identityOf(object));
    });

    it('notices chunks that changed places, and an end that was cut off at a chunk', async () => {
        const { folder, storage } = await storageIn(null);
        const object = objectOf('key', Buffer.concat([Buffer.alloc(1024 * KIB, 1), Buffer.alloc(1024 * KIB, 2)]));
        storage.put(object);
        await storage.settle();
        const [file] = await filesIn(folder);
        const whole = await readFile(file!.path);
        const [header, chunk] = [48, 1024 * KIB + 16];
        const parts = [0, header, header + chunk, header + 2 * chunk].map((from, index, all) =>
            whole.subarray(from, all[index + 1]),
        );
        for (const order of [
            [0, 2, 1, 3],
            [0, 1, 1, 3],
            [0, 1, 3],
            [0, 1, 2],
        ]) {
            await writeFile(file!.path, Buffer.concat(order.map((index) => parts[index]!)));
            expect(await (await storageIn(folder)).storage.load('key')).toBeNull();
        }
    });

    it('does not take the file of one object for that of another', async () => {
        const { folder, storage } = await storageIn(null, { memoryBytes: 1 });
        for (const key of ['a', 'b']) storage.put(objectOf(key, `body of ${key}`));
        await storage.settle();
        const [first, second] = await filesIn(folder);
        await copyFile(first!.path, second!.path);
        const loaded = await Promise.all(['a', 'b'].map((key) => storage.load(key)));
        expect(loaded.filter((object) => object !== null)).toHaveLength(1);
        for (const object of loaded) if (object !== null) expect(object.body.toString()).toBe(`body of ${object.key}`);
    });

    it('shows neither content nor address of an object to who reads the disk without the keys', async () => {
        const { folder, storage } = await storageIn(null);
        storage.put(objectOf(`http://origin.example/${MARK}`, MARK.repeat(3), { note: MARK }));
        await storage.settle();
        const bytes = await onDisk(folder);
        expect(bytes.length).toBeGreaterThan(300);
        expect(bytes.includes(MARK)).toBe(false);
        expect(bytes.includes('origin.example')).toBe(false);
    });

    it('erases a group by its secret: copies made before cannot be read, other groups can', async () => {
        const { folder, storage } = await storageIn(null, { groupOf });
        const [gone, kept] = ['one', 'two'].map((contract) => objectOf(contract, MARK, { contract }));
        for (const object of [gone!, kept!]) storage.put(object);
        await storage.settle();
        const copy = join(await tempDir(), 'copy');
        await cp(join(folder, 'objects'), copy, { recursive: true });
        await storage.eraseGroup('one');
        expect([storage.peek('one'), await storage.load('one')]).toEqual([undefined, null]);
        expect(identityOf(storage.peek('two'))).toEqual(identityOf(kept));
        await storage.settle();
        // Whoever puts the copies back beside what is left of the secrets reads the other group only.
        await cp(copy, join(folder, 'objects'), { recursive: true });
        await rm(join(folder, 'index.ocmi'), { force: true });
        const { storage: again, found } = await storageIn(folder, { groupOf });
        expect(found.map(({ key }) => key)).toEqual(['two']);
        expect(identityOf(await again.load('two'))).toEqual(identityOf(kept));
    });

    it('erases a group in memory too, where it has not come to the disk', async () => {
        const { storage } = await storageIn(null, { groupOf, diskBytes: 0 });
        for (const contract of ['one', 'two']) storage.put(objectOf(contract, MARK, { contract }));
        await storage.eraseGroup('one');
        expect([...storage.keys()]).toEqual(['two']);
    });

    it('goes on with a new secret for a group that was erased', async () => {
        const { folder, storage } = await storageIn(null, { groupOf });
        await storage.eraseGroup('one');
        const objects = Array.from({ length: 20 }, (_, index) => objectOf(`new ${index}`, MARK, { contract: 'one' }));
        for (const object of objects) storage.put(object);
        await storage.settle();
        const { storage: again } = await storageIn(folder, { groupOf });
        for (const object of objects) expect(identityOf(await again.load(object.key))).toEqual(identityOf(object));
    });
});
