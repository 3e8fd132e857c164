import type { DiskTier } from './disk-tier.js';
import { copyOf, type DescribedObject, isOwned, metaTextOf } from './object-bytes.js';
import type { ObjectStorage, StorageCounts, StoredMeta, StoredObject } from './object-storage.js';
import { S3Fifo } from './s3-fifo.js';

/** Maps, queue and wrappers of an object: what the smallest costs beside its body and description, measured. */
const OBJECT_BYTES = 1_024;
/** A larger share of the memory tier for one object would empty it; such objects live on disk. */
const MAX_MEMORY_SHARE = 0.25;

export interface TieredStorageOptions {
    memoryBytes: number;
    disk: DiskTier | null;
    /** What an earlier process left; adopts it into the disk tier. */
    scan: () => AsyncIterable<{ key: string; meta: StoredMeta }>;
    /** After `settle`: keeps what makes the next start quick. */
    keep: () => Promise<void>;
    /** Called when an object has left both tiers without being asked to. */
    onGone: (key: string) => void;
}
interface Load {
    promise: Promise<StoredObject | null>;
    /** A description that came while the file was read. */
    described?: { meta: StoredMeta; metaText: string };
}

/** Memory over disk; what is in memory is on disk as well, as far as there is room. */
export class TieredStorage implements ObjectStorage {
    readonly #options: TieredStorageOptions;
    readonly #memory: S3Fifo<StoredObject>;
    readonly #disk: DiskTier | null;
    readonly #loads = new Map<string, Load>();
    #evictions = 0;

    constructor(options: TieredStorageOptions) {
        this.#options = options;
        this.#disk = options.disk;
        this.#memory = new S3Fifo({
            maxBytes: options.memoryBytes,
            maxCount: Number.POSITIVE_INFINITY,
            favoursSmall: true,
            onEvict: (key) => {
                this.#evictions += 1;
                this.#tellIfGone(key);
            },
        });
    }

    open(): AsyncIterable<{ key: string; meta: StoredMeta }> {
        return this.#options.scan();
    }

    peek(key: string): StoredObject | undefined {
        return this.#memory.use(key);
    }

    has(key: string): boolean {
        return this.#memory.has(key) || this.#disk?.has(key) === true;
    }

    /** Without a use, from memory alone. */
    metaOf(key: string): StoredMeta | undefined {
        return this.#memory.look(key)?.meta ?? this.#disk?.metaOf(key);
    }

    load(key: string): Promise<StoredObject | null> {
        const held = this.#memory.use(key);
        if (held !== undefined || this.#disk === null) return Promise.resolve(held ?? null);
        const under = this.#loads.get(key);
        if (under !== undefined) return under.promise;
        const load: Load = { promise: this.#disk.load(key).then((object) => this.#loaded(key, load, object)) };
        this.#loads.set(key, load);
        return load.promise;
    }

    /** @throws MKT_NODE__META_TOO_LARGE */
    put(object: StoredObject): void {
        const metaText = metaTextOf(object.meta);
        const { key, body } = object;
        this.#loads.delete(key);
        this.#remember(isOwned(body) ? object : { ...object, body: copyOf(body) }, metaText.length);
        this.#disk?.put({ object: this.#memory.look(key) ?? object, metaText });
        this.#tellIfGone(key);
    }

    /** @throws MKT_NODE__META_TOO_LARGE */
    describe(key: string, meta: StoredMeta): void {
        const metaText = metaTextOf(meta);
        const held = this.#memory.look(key);
        if (held !== undefined) this.#remember({ ...held, meta }, metaText.length);
        const load = this.#loads.get(key);
        if (load !== undefined) load.described = { meta, metaText };
        this.#disk?.describe(key, meta, metaText);
    }

    delete(key: string): void {
        this.#loads.delete(key);
        this.#memory.delete(key);
        this.#disk?.delete(key);
    }

    *keys(): Generator<string> {
        yield* this.#memory.keys();
        for (const key of this.#disk?.keys() ?? []) if (!this.#memory.has(key)) yield key;
    }

    /** What is in memory. */
    *held(): Generator<StoredObject> {
        for (const [, object] of this.#memory.entries()) yield object;
    }

    counts(): StorageCounts {
        let objects = 0;
        for (const _ of this.keys()) objects += 1;
        const { bytes: diskBytes = 0, damaged = 0, evictions = 0 } = this.#disk ?? {};
        return { objects, memoryBytes: this.#memory.bytes, diskBytes, evictions: this.#evictions + evictions, damaged };
    }

    async settle(): Promise<void> {
        await this.#disk?.settle();
        await this.#options.keep();
    }

    /** The disk tier had no room left for it. */
    evicted(key: string): void {
        this.#tellIfGone(key);
    }

    #loaded(key: string, load: Load, found: DescribedObject | null): StoredObject | null {
        // Put or deleted while the file was read: what was read is no longer the object of this key.
        if (this.#loads.get(key) !== load) return this.#memory.look(key) ?? null;
        this.#loads.delete(key);
        if (found === null) return null;
        const { meta, metaText } = load.described ?? { meta: found.object.meta, metaText: found.metaText };
        const current = meta === found.object.meta ? found.object : { ...found.object, meta };
        this.#remember(current, metaText.length);
        return current;
    }

    #remember(object: StoredObject, metaBytes: number): void {
        const bytes = object.body.length + metaBytes + 2 * object.key.length + OBJECT_BYTES;
        const isTooLarge = this.#disk !== null && bytes > this.#options.memoryBytes * MAX_MEMORY_SHARE;
        if (isTooLarge) this.#memory.delete(object.key);
        else this.#memory.set(object.key, object, bytes);
    }

    #tellIfGone(key: string): void {
        if (!this.has(key)) this.#options.onGone(key);
    }
}
