import { LRUCache } from 'lru-cache';
import type { DiskStore } from './disk-store.js';
import type { ObjectStorage, StorageCounts, StoredMeta, StoredObject } from './storage/object-storage.js';

export interface LruDiskStorageOptions {
    memoryBytes: number;
    disk: DiskStore | null;
    onDiskError: (error: unknown) => void;
}

/** Memory over disk; both tiers evict what was used longest ago. */
export class LruDiskStorage implements ObjectStorage {
    readonly #memory: LRUCache<string, StoredObject>;
    readonly #loads = new Map<string, Promise<StoredObject | null>>();
    readonly #writes = new Set<Promise<void>>();
    readonly #disk: DiskStore | null;
    readonly #onDiskError: (error: unknown) => void;
    #evictions = 0;

    constructor({ memoryBytes, disk, onDiskError }: LruDiskStorageOptions) {
        this.#disk = disk;
        this.#onDiskError = onDiskError;
        this.#memory = new LRUCache({
            maxSize: Math.max(1, memoryBytes),
            // Fixed part: description and key of an object, so that empty objects are bounded as well.
            sizeCalculation: ({ body }) => body.length + 2048,
            dispose: (_, __, reason) => {
                if (reason === 'evict') this.#evictions += 1;
            },
        });
    }

    async *open(): AsyncIterable<{ key: string; meta: StoredMeta }> {
        for (const { key, vary } of (await this.#disk?.open()) ?? []) yield { key, meta: readMeta(vary) };
    }

    peek(key: string): StoredObject | undefined {
        return this.#memory.get(key);
    }

    has(key: string): boolean {
        return this.#memory.has(key) || (this.#disk?.has(key) ?? false);
    }

    async load(key: string): Promise<StoredObject | null> {
        const held = this.#memory.get(key);
        if (held !== undefined) return held;
        if (this.#disk === null || !this.#disk.has(key)) return null;
        const under = this.#loads.get(key) ?? this.#read(this.#disk, key);
        this.#loads.set(key, under);
        return under;
    }

    put(object: StoredObject): void {
        this.#memory.set(object.key, object);
        this.#write(object);
    }

    describe(key: string, meta: StoredMeta): void {
        const held = this.#memory.get(key);
        if (held !== undefined) this.put({ ...held, meta });
    }

    delete(key: string): void {
        this.#memory.delete(key);
        this.#disk?.delete(key);
    }

    keys(): Iterable<string> {
        return this.#memory.keys();
    }

    counts(): StorageCounts {
        return {
            objects: Math.max(this.#memory.size, this.#disk?.count ?? 0),
            memoryBytes: this.#memory.calculatedSize,
            diskBytes: 0,
            evictions: this.#evictions,
            damaged: 0,
        };
    }

    async settle(): Promise<void> {
        await Promise.all(this.#writes);
        await this.#disk?.settle();
    }

    #read(disk: DiskStore, key: string): Promise<StoredObject | null> {
        return disk
            .read(key)
            .then((entry) => {
                // A newer object may have been stored while the file was read.
                const newer = this.#memory.get(key);
                if (newer !== undefined || entry === null) return newer ?? null;
                const object = { key, meta: readMeta(entry.headers.vary), body: entry.body, sha256: entry.sha256 };
                this.#memory.set(key, object);
                return object;
            })
            .finally(() => this.#loads.delete(key));
    }

    /** The index file of the disk tier has room for fields only, so the description travels in one. */
    #write({ key, meta, body, sha256 }: StoredObject): void {
        if (this.#disk === null) return;
        const policy = { toObject: () => ({ v: 1 as const, t: Date.now() }) };
        const entry = { key, status: 200, headers: { vary: JSON.stringify(meta) }, policy, body, sha256 };
        const write = this.#disk
            .write(entry, key)
            .catch((error: unknown) => this.#onDiskError(error))
            .finally(() => this.#writes.delete(write));
        this.#writes.add(write);
    }
}

function readMeta(text: string | undefined): StoredMeta {
    try {
        const value: unknown = JSON.parse(text ?? '{}');
        return typeof value === 'object' && value !== null ? (value as StoredMeta) : {};
    } catch {
        return {};
    }
}
