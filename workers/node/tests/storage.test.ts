import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StoredObject } from '../src/cache/storage/object-storage.js';
import { filesIn, identityOf, KIB, objectOf, storageIn } from './storage-support.js';

const key = fc.integer({ min: 0, max: 7 }).map((index) => `http://origin.example/object-${index}`);
const size = fc.oneof(fc.integer({ min: 0, max: 3 * KIB }), fc.integer({ min: 60 * KIB, max: 140 * KIB }));
const version = fc.integer({ min: 0, max: 255 });
const operation = fc.oneof(
    { weight: 4, arbitrary: fc.record({ does: fc.constant('put' as const), key, size, version }) },
    { weight: 4, arbitrary: fc.record({ does: fc.constant('load' as const), key }) },
    { weight: 2, arbitrary: fc.record({ does: fc.constant('peek' as const), key }) },
    { weight: 1, arbitrary: fc.record({ does: fc.constant('delete' as const), key }) },
    { weight: 2, arbitrary: fc.record({ does: fc.constant('describe' as const), key, version }) },
    { weight: 1, arbitrary: fc.record({ does: fc.constant('settle' as const) }) },
    { weight: 1, arbitrary: fc.record({ does: fc.constant('restart' as const), orderly: fc.boolean() }) },
);
const LIMITS = { memoryBytes: 160 * KIB, diskBytes: 400 * KIB, maxFiles: 6 };

describe('storage', () => {
    it('gives back what was put last or nothing, within its bounds, whatever is done in whatever order', async () => {
        let returned = 0;
        await fc.assert(
            fc.asyncProperty(
                fc.array(operation, { minLength: 40, maxLength: 120, size: 'max' }),
                async (operations) => {
                    returned += await replay(operations);
                },
            ),
            { numRuns: 50 },
        );
        // A storage that keeps nothing would pass all else.
        expect(returned).toBeGreaterThan(400);
    });

    it('has what it was given until it must make room', async () => {
        const { storage } = await storageIn(null);
        const objects = Array.from({ length: 50 }, (_, index) => objectOf(`key ${index}`, `body ${index}`, { index }));
        for (const object of objects) storage.put(object);
        expect(storage.counts()).toMatchObject({ objects: 50, evictions: 0, damaged: 0 });
        for (const object of objects) expect(identityOf(storage.peek(object.key))).toEqual(identityOf(object));
    });

    it('reads one file once for all who ask at the same time', async () => {
        const { folder, storage } = await storageIn(null);
        storage.put(objectOf('key', 'body'));
        await storage.settle();
        const again = await storageIn(folder);
        const loads = await Promise.all(Array.from({ length: 100 }, () => again.storage.load('key')));
        expect(new Set(loads).size).toBe(1);
        expect(again.storage.peek('key')).toBe(loads[0]);
    });

    it('keeps an object that is too large for memory on disk only', async () => {
        const { storage } = await storageIn(null, { memoryBytes: 100 * KIB });
        const large = objectOf('large', Buffer.alloc(300 * KIB, 7));
        storage.put(large);
        expect(storage.peek('large')).toBeUndefined();
        expect(identityOf(await storage.load('large'))).toEqual(identityOf(large));
        await storage.settle();
        expect(identityOf(await storage.load('large'))).toEqual(identityOf(large));
        expect(storage.counts().memoryBytes).toBe(0);
    });

    it('tells what has left both tiers', async () => {
        const gone: string[] = [];
        const limits = { memoryBytes: 20 * KIB, diskBytes: 40 * KIB, onGone: (key: string) => gone.push(key) };
        const { storage } = await storageIn(null, limits);
        const keys = Array.from({ length: 30 }, (_, index) => `key ${index}`);
        for (const name of keys) {
            storage.put(objectOf(name, Buffer.alloc(4 * KIB)));
            await storage.settle();
        }
        const left = keys.filter((name) => storage.has(name));
        expect([...left, ...gone].sort()).toEqual([...keys].sort());
        expect(left.length).toBeGreaterThan(2);
    });

    it('refuses a description of more than 64 KiB', async () => {
        const { storage } = await storageIn(null);
        const meta = { note: 'x'.repeat(70 * KIB) };
        expect(() => storage.put(objectOf('key', 'body', meta))).toThrow(/64 KiB/);
        expect(storage.has('key')).toBe(false);
    });
});

async function replay(operations: (typeof operation extends fc.Arbitrary<infer T> ? T : never)[]): Promise<number> {
    const model = new Map<string, StoredObject>();
    const { folder, storage: first } = await storageIn(null, LIMITS);
    let storage = first;
    let returned = 0;
    const check = (name: string, object: StoredObject | null | undefined): void => {
        if (object === null || object === undefined) return;
        returned += 1;
        expect(identityOf(object)).toEqual(identityOf(model.get(name)));
    };
    for (const step of operations) {
        if (step.does === 'put') {
            const object = objectOf(step.key, Buffer.alloc(step.size, step.version), { version: step.version });
            model.set(step.key, object);
            storage.put(object);
        } else if (step.does === 'describe') {
            const known = model.get(step.key);
            if (known !== undefined) model.set(step.key, { ...known, meta: { fresher: step.version } });
            storage.describe(step.key, { fresher: step.version });
        } else if (step.does === 'delete') {
            model.delete(step.key);
            storage.delete(step.key);
        } else if (step.does === 'load') check(step.key, await storage.load(step.key));
        else if (step.does === 'peek') check(step.key, storage.peek(step.key));
        else {
            await storage.settle();
            const files = await filesIn(folder);
            expect(files.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(LIMITS.diskBytes);
            expect(files.length).toBeLessThanOrEqual(LIMITS.maxFiles);
            if (step.does === 'restart') ({ storage } = await storageIn(folder, LIMITS));
        }
        const { memoryBytes, diskBytes, damaged } = storage.counts();
        expect(memoryBytes).toBeLessThanOrEqual(LIMITS.memoryBytes);
        expect(diskBytes).toBeLessThanOrEqual(LIMITS.diskBytes);
        expect(damaged).toBe(0);
    }
    await storage.settle();
    return returned;
}
