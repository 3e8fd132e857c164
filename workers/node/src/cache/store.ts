import { LRUCache } from 'lru-cache';
import type { DiskStore } from './disk-store.js';
import { type CacheEntry, variantKey } from './entry.js';
import type { HeaderMap } from './headers.js';

/** Distinct primary keys whose `Vary` is remembered. */
const MAX_VARY_RULES = 50_000;

/** Memory over disk. Finds the variant of a primary key that fits a request; both tiers evict what was used longest ago. */
export class TieredStore {
    readonly #memory: LRUCache<string, CacheEntry>;
    readonly #vary = new LRUCache<string, { fields: string }>({ max: MAX_VARY_RULES });
    readonly #loads = new Map<string, Promise<CacheEntry | null>>();
    readonly #disk: DiskStore | null;
    readonly #onDiskError: (error: unknown) => void;
    readonly #writes = new Set<Promise<void>>();

    constructor(memoryBytes: number, disk: DiskStore | null, onDiskError: (error: unknown) => void) {
        this.#memory = new LRUCache({
            maxSize: Math.max(1, memoryBytes),
            // Fixed part: headers, policy and key of an entry, so that empty objects are bounded as well.
            sizeCalculation: ({ body }) => body.length + 2048,
        });
        this.#disk = disk;
        this.#onDiskError = onDiskError;
    }

    async open(): Promise<void> {
        for (const { primaryKey, vary } of (await this.#disk?.open()) ?? []) {
            if (vary !== undefined) this.#vary.set(primaryKey, { fields: vary });
        }
    }

    /** Objects at hand in either tier (those in both count once, as every object in memory is written to disk too). */
    get objects(): number {
        return Math.max(this.#memory.size, this.#disk?.count ?? 0);
    }

    get memoryBytes(): number {
        return this.#memory.calculatedSize;
    }

    /** Synchronous part, for the hot path. */
    peek(primaryKey: string, requestHeaders: HeaderMap): CacheEntry | undefined {
        return this.#memory.get(this.#keyOf(primaryKey, requestHeaders));
    }

    async find(primaryKey: string, requestHeaders: HeaderMap): Promise<CacheEntry | null> {
        const key = this.#keyOf(primaryKey, requestHeaders);
        const held = this.#memory.get(key);
        if (held !== undefined) return held;
        if (this.#disk === null || !this.#disk.has(key)) return null;
        const under = this.#loads.get(key);
        if (under !== undefined) return under;
        const load = this.#disk
            .read(key)
            .then((entry) => {
                // A newer response may have been stored while the file was read.
                const newer = this.#memory.get(key);
                if (newer !== undefined) return newer;
                if (entry !== null) this.#memory.set(key, entry);
                return entry;
            })
            .finally(() => this.#loads.delete(key));
        this.#loads.set(key, load);
        return load;
    }

    put(primaryKey: string, requestHeaders: HeaderMap, entry: Omit<CacheEntry, 'key'>): CacheEntry {
        const vary = entry.headers.vary;
        if (vary === undefined) this.#vary.delete(primaryKey);
        else this.#vary.set(primaryKey, { fields: vary });
        const stored: CacheEntry = { ...entry, key: variantKey(primaryKey, vary, requestHeaders) };
        this.#memory.set(stored.key, stored);
        if (this.#disk !== null) {
            const write = this.#disk
                .write(stored, primaryKey)
                .catch((error: unknown) => this.#onDiskError(error))
                .finally(() => this.#writes.delete(write));
            this.#writes.add(write);
        }
        return stored;
    }

    remove(primaryKey: string, requestHeaders: HeaderMap): void {
        const key = this.#keyOf(primaryKey, requestHeaders);
        this.#memory.delete(key);
        this.#disk?.delete(key);
    }

    /** Resolves once writes under way are on disk. */
    async settle(): Promise<void> {
        await Promise.all(this.#writes);
        await this.#disk?.settle();
    }

    #keyOf(primaryKey: string, requestHeaders: HeaderMap): string {
        return variantKey(primaryKey, this.#vary.get(primaryKey)?.fields, requestHeaders);
    }
}
