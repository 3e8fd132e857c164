import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesIn, identityOf, KIB, objectOf, storageIn } from './storage-support.js';
import { tempDir } from './support.js';

const groupOf = ({ meta }: { meta: Readonly<Record<string, unknown>> }): string | undefined =>
    typeof meta.contract === 'string' ? meta.contract : undefined;
const objects = ['one', 'two'].map((contract) => objectOf(contract, `content of ${contract}`, { contract }));

async function filled() {
    const { folder, storage } = await storageIn(null, { groupOf });
    for (const object of objects) storage.put(object);
    await storage.settle();
    return { folder, storage };
}
const secretsIn = (folder: string): Promise<string[]> => readdir(join(folder, 'groups'));

describe('the groups of a storage', () => {
    it('are known after a restart, also where no object of theirs is left', async () => {
        const { folder, storage } = await filled();
        storage.delete('one');
        await storage.settle();
        const { storage: again } = await storageIn(folder, { groupOf });
        expect([...again.groups()].sort()).toEqual(['one', 'two']);
        await again.eraseGroup('one');
        expect([...again.groups()]).toEqual(['two']);
        expect(await secretsIn(folder)).toHaveLength(1);
        expect([...(await storageIn(folder, { groupOf })).storage.groups()]).toEqual(['two']);
    });

    it('are named in a file that tells nothing without the secret of the node', async () => {
        const { folder } = await filled();
        const bytes = await readFile(join(folder, 'groups.ocmg'));
        expect(bytes.length).toBeGreaterThan(40);
        expect(bytes.includes('one') || bytes.includes('two')).toBe(false);
    });

    it('lose their secrets and objects at the start if that file is gone or damaged, and come anew', async () => {
        for (const damage of ['gone', 'damaged']) {
            const { folder } = await filled();
            const copy = join(await tempDir(), 'objects');
            await cp(join(folder, 'objects'), copy, { recursive: true });
            const path = join(folder, 'groups.ocmg');
            if (damage === 'gone') await rm(path);
            else await writeFile(path, (await readFile(path)).fill(7, 30));
            const { storage, found } = await storageIn(folder, { groupOf });
            expect([found, await secretsIn(folder), await filesIn(folder)], damage).toEqual([[], [], []]);
            for (const object of objects) storage.put(object);
            await storage.settle();
            const { storage: again } = await storageIn(folder, { groupOf });
            for (const object of objects)
                expect(identityOf(await again.load(object.key)), damage).toEqual(identityOf(object));
            await cp(copy, join(folder, 'objects'), { recursive: true });
            await rm(join(folder, 'index.ocmi'), { force: true });
            expect((await storageIn(folder, { groupOf })).found, damage).toEqual([]);
        }
    });

    it('keep nothing that comes after they were closed, nor what it would have replaced', async () => {
        const { folder, storage } = await filled();
        storage.closeGroup('one');
        await storage.eraseGroup('one');
        storage.put(objects[0]!);
        storage.put(objectOf('two', 'newer', { contract: 'one' }));
        await storage.settle();
        expect([[...storage.keys()], [...storage.groups()], await filesIn(folder)]).toEqual([[], ['two'], []]);
        expect(await secretsIn(folder)).toHaveLength(1);
    });

    it('are erased with thousands of objects, and all their files', async () => {
        const { folder, storage } = await storageIn(null, { groupOf, memoryBytes: 50_000, diskBytes: 16 * 1024 * KIB });
        for (let index = 0; index < 1_200; index += 1) {
            storage.put(objectOf(`key ${index}`, `body ${index}`, { contract: index % 4 === 0 ? 'two' : 'one' }));
        }
        await storage.settle();
        expect(await filesIn(folder)).toHaveLength(1_200);
        expect(await storage.eraseGroup('one')).toBe(900);
        expect(await filesIn(folder)).toHaveLength(300);
        expect([...storage.keys()]).toHaveLength(300);
    });
});
