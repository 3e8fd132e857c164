import { chmod, mkdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openStorage } from '../src/cache/storage/open-storage.js';
import { filesIn, identityOf, KIB, objectOf, storageIn } from './storage-support.js';
import { eventually } from './support.js';

const objects = Array.from({ length: 12 }, (_, index) =>
    objectOf(`http://origin.example/${index}`, Buffer.alloc(index * 20 * KIB, index), { index }),
);
async function filled() {
    const first = await storageIn(null);
    for (const object of objects) first.storage.put(object);
    await first.storage.settle();
    return first.folder;
}
const byKey = (a: { key: string }, b: { key: string }): number => a.key.localeCompare(b.key);
const known = objects.map(({ key, meta }) => ({ key, meta })).sort(byKey);

describe('storage after a restart', () => {
    it('has all of the disk tier, from the index of an orderly stop', async () => {
        const folder = await filled();
        expect(await stat(join(folder, 'index.ocmi'))).toBeDefined();
        const { storage, found } = await storageIn(folder);
        expect(found.sort(byKey)).toEqual(known);
        for (const object of objects) expect(identityOf(await storage.load(object.key))).toEqual(identityOf(object));
        expect(storage.counts()).toMatchObject({ objects: objects.length, damaged: 0 });
    });

    it('has all of the disk tier after a kill, from the files', async () => {
        const folder = await filled();
        await rm(join(folder, 'index.ocmi'));
        const { storage, found } = await storageIn(folder);
        expect(found.sort(byKey)).toEqual(known);
        for (const object of objects) expect(identityOf(await storage.load(object.key))).toEqual(identityOf(object));
    });

    it('believes of a damaged index only what it can authenticate, and reads the files for the rest', async () => {
        const folder = await filled();
        const path = join(folder, 'index.ocmi');
        const bytes = await readFile(path);
        bytes[Math.floor(bytes.length / 2)]! ^= 1;
        await writeFile(path, bytes);
        const { storage, found } = await storageIn(folder);
        expect(found.sort(byKey)).toEqual(known);
        expect(storage.counts().damaged).toBe(0);
    });

    it('has no index while it differs from the files', async () => {
        const folder = await filled();
        const { storage } = await storageIn(folder, { memoryBytes: 1 });
        storage.describe(objects[4]!.key, { fresher: true });
        await storage.load(objects[4]!.key);
        storage.delete(objects[3]!.key);
        await eventually(async () => expect(await filesIn(folder)).toHaveLength(objects.length - 1));
        // Not settled: as if killed here.
        await expect(stat(join(folder, 'index.ocmi'))).rejects.toThrow(/ENOENT/);
        const { found } = await storageIn(folder);
        expect(found).toHaveLength(objects.length - 1);
        expect(found).toContainEqual({ key: objects[4]!.key, meta: { fresher: true } });
    });

    it('throws away and counts what is none of its files, and what a crash cut off', async () => {
        const folder = await filled();
        const [largest] = (await filesIn(folder)).sort((a, b) => b.bytes - a.bytes);
        await truncate(largest!.path, 60_000);
        await writeFile(join(folder, 'objects', 'stranger'), 'x');
        await mkdir(join(folder, 'objects', 'ab', 'cd'), { recursive: true });
        await writeFile(`${largest!.path}.0123456789ab.tmp`, 'a write that was cut off');
        await rm(join(folder, 'index.ocmi'));
        const { storage, found } = await storageIn(folder);
        expect(found).toHaveLength(objects.length - 1);
        expect(storage.counts()).toMatchObject({ objects: objects.length - 1, damaged: 3 });
        expect(await filesIn(folder)).toHaveLength(objects.length - 1);
    });

    it('brings nothing back that was deleted or replaced while it still read the folder', async () => {
        const folder = await filled();
        await rm(join(folder, 'index.ocmi'));
        const again = await openStorage({ folder, memoryBytes: 1, diskBytes: 4096 * KIB, onError: () => undefined });
        const scan = again.open()[Symbol.asyncIterator]();
        await scan.next();
        for (const { key } of objects.slice(0, 6)) again.delete(key);
        const replaced = objectOf(objects[8]!.key, 'new');
        again.put(replaced);
        while (!(await scan.next()).done);
        await again.settle();
        for (const { key } of objects.slice(0, 6)) expect(await again.load(key)).toBeNull();
        expect(identityOf(await again.load(replaced.key))).toEqual(identityOf(replaced));
        expect(identityOf(await again.load(objects[9]!.key))).toEqual(identityOf(objects[9]));
        expect(await filesIn(folder)).toHaveLength(6);
    });

    it('makes room at once for a bound that was lowered', async () => {
        const folder = await filled();
        const { storage } = await storageIn(folder, { diskBytes: 700 * KIB });
        await storage.settle();
        const bytes = (await filesIn(folder)).reduce((sum, file) => sum + file.bytes, 0);
        expect(bytes).toBeLessThanOrEqual(700 * KIB);
        expect(storage.counts().objects).toBeGreaterThan(2);
    });

    it('writes no more while the disk takes nothing, serves on, and never brings the older object back', async () => {
        const folder = await filled();
        let nowMs = 1_000;
        const { storage, errors } = await storageIn(folder, { now: () => nowMs });
        const { path } = (await filesIn(folder))[0]!;
        const victim = objects[2]!;
        // A file where a folder should be fails every write, for root too.
        await rm(join(folder, 'objects'), { recursive: true });
        await writeFile(join(folder, 'objects'), '');
        const replaced = objectOf(victim.key, 'new');
        storage.put(replaced);
        await storage.settle();
        expect(errors.length).toBeGreaterThan(0);
        const before = errors.length;
        storage.put(objectOf('other', 'body'));
        await storage.settle();
        expect(errors).toHaveLength(before);
        expect(identityOf(storage.peek(victim.key))).toEqual(identityOf(replaced));
        expect(storage.peek('other')?.body.toString()).toBe('body');
        await rm(join(folder, 'objects'));
        nowMs += 60_000;
        storage.put(objectOf('third', 'body'));
        await storage.settle();
        expect((await storageIn(folder)).found).toEqual([{ key: 'third', meta: {} }]);
        expect(path).toContain('objects');
    });

    it('keeps its secrets for itself, and starts anew when they are lost', async () => {
        const folder = await filled();
        const path = join(folder, 'node.key');
        expect((await stat(path)).mode & 0o777).toBe(0o600);
        await chmod(path, 0o644);
        await storageIn(folder);
        expect((await stat(path)).mode & 0o777).toBe(0o600);
        await rm(path);
        const { storage, found } = await storageIn(folder);
        expect(found).toEqual([]);
        expect(storage.counts()).toMatchObject({ objects: 0, damaged: objects.length });
    });
});
