import { errorCodeOf } from '@ocm/runtime';
import type { IndexedFile } from './disk-index.js';
import {
    type DiskTierOptions,
    type Entry,
    isPassing,
    MAX_QUEUED_BYTES,
    PAUSE_MS,
    type Pending,
    READS_AT_ONCE,
    roomOf,
    WRITES_AT_ONCE,
} from './disk-options.js';
import { KeyOrder } from './key-order.js';
import type { StoredMeta, StoredObject } from './object-storage.js';
import { S3Fifo } from './s3-fifo.js';
import { DamagedFile } from './sealed-bytes.js';

/**
 * Objects in files, evicted by size and use. Operations on one key take effect in the order of the calls; a bound may be
 * exceeded by the files that are being written at the moment, never by more.
 */
export class DiskTier {
    damaged = 0;
    evictions = 0;
    readonly #options: DiskTierOptions;
    readonly #index: S3Fifo<Entry>;
    readonly #pending = new Map<string, Pending>();
    readonly #order = new KeyOrder(Number.POSITIVE_INFINITY);
    readonly #reading = new KeyOrder(READS_AT_ONCE);
    readonly #writing = new KeyOrder(WRITES_AT_ONCE);
    /** Until the scan ends: what it must not bring back. */
    #deleted: Set<string> | null = new Set();
    #queuedBytes = 0;
    #pausedUntilMs = Number.NEGATIVE_INFINITY;

    constructor(options: DiskTierOptions) {
        this.#options = options;
        const { maxBytes, maxCount, onEvict } = options;
        this.#index = new S3Fifo({
            maxBytes,
            maxCount,
            favoursSmall: false,
            onEvict: (key) => {
                this.evictions += 1;
                void this.#unlink(key);
                onEvict(key);
            },
        });
    }

    get bytes(): number {
        return this.#index.bytes;
    }

    has(key: string): boolean {
        return this.#index.has(key) || this.#pending.has(key);
    }

    *keys(): Generator<string> {
        yield* this.#index.keys();
        yield* this.#pending.keys();
    }

    *files(): Generator<IndexedFile> {
        for (const [key, entry] of this.#index.entries()) yield { key, ...entry };
    }

    metaOf(key: string): StoredMeta | undefined {
        const waiting = this.#pending.get(key);
        if (waiting !== undefined) return waiting.object.meta;
        const text = this.#index.look(key)?.metaText;
        return text === undefined ? undefined : (JSON.parse(text) as StoredMeta);
    }

    /** Takes a file for what an earlier process wrote. Returns false if there is no room, or a newer object. */
    adopt({ key, ...entry }: IndexedFile): boolean {
        if (this.has(key)) return false;
        if (!this.#deleted?.has(key) && this.#index.set(key, entry, roomOf(entry.bytes))) return true;
        void this.#unlink(key);
        return false;
    }

    /** As `adopt`, of a file that no index names. A damaged one is removed. */
    async adoptFile(name: string): Promise<{ key: string; meta: StoredMeta } | null> {
        const { files, keys, onError } = this.#options;
        try {
            const { key, meta, tag, fileBytes } = await files.head(name);
            if (keys.nameOf(key) !== name) throw new DamagedFile('a file of another name');
            return this.adopt({ key, tag, metaText: JSON.stringify(meta), bytes: fileBytes }) ? { key, meta } : null;
        } catch (error) {
            if (isPassing(error)) onError(error);
            else if (errorCodeOf(error) !== 'ENOENT') {
                this.damaged += 1;
                await files.remove(name);
            }
            return null;
        }
    }

    /** Everything that was on disk is known: what is not known is not there. */
    scanned(): void {
        this.#deleted = null;
    }

    put(object: StoredObject): void {
        const { key, body } = object;
        const isPaused = this.#options.now() < this.#pausedUntilMs;
        if (isPaused || body.length > this.#options.maxBytes || this.#queuedBytes + body.length > MAX_QUEUED_BYTES) {
            // An older object of the key must not come back.
            this.delete(key);
            return;
        }
        this.#index.delete(key);
        this.#deleted?.delete(key);
        const pending = { object };
        this.#pending.set(key, pending);
        this.#queuedBytes += body.length;
        void this.#order
            .run(key, () => this.#writing.run(key, () => this.#write(pending)))
            .catch((error: unknown) => this.#pause(key, error))
            .finally(() => {
                this.#queuedBytes -= body.length;
                if (this.#pending.get(key) === pending) this.#pending.delete(key);
            });
    }

    async load(key: string): Promise<StoredObject | null> {
        const waiting = this.#pending.get(key);
        if (waiting !== undefined) return waiting.object;
        const entry = this.#index.use(key);
        if (entry === undefined) return null;
        const read = (): Promise<StoredObject> => this.#options.files.read(this.#nameOf(key));
        return this.#order.run(key, async () => {
            try {
                const object = this.#index.look(key) === entry ? await this.#reading.run(key, read) : null;
                if (object !== null && object.key !== key) throw new DamagedFile('an object of another key');
                if (this.#index.look(key) === entry) return object;
            } catch (error) {
                if (this.#index.look(key) === entry) this.#lose(key, error);
            }
            // Replaced meanwhile, perhaps by one that is too large for memory.
            return this.#pending.get(key)?.object ?? null;
        });
    }

    describe(key: string, meta: StoredMeta): void {
        const waiting = this.#pending.get(key);
        if (waiting !== undefined) waiting.object = { ...waiting.object, meta };
        else if (!this.#index.has(key)) return;
        void this.#order.run(key, async () => {
            const entry = this.#index.look(key);
            if (entry === undefined) return;
            try {
                await this.#options.onChange();
                const bytes = await this.#options.files.describe(this.#nameOf(key), meta);
                Object.assign(entry, { bytes, metaText: JSON.stringify(meta) });
                if (this.#index.look(key) === entry) this.#index.set(key, entry, roomOf(bytes));
            } catch (error) {
                if (this.#index.look(key) === entry) this.#lose(key, error, true);
            }
        });
    }

    delete(key: string): void {
        const isKnown = this.#index.delete(key) !== undefined;
        this.#deleted?.add(key);
        if (this.#pending.delete(key) || isKnown || this.#deleted !== null) void this.#unlink(key);
    }

    keysOfGroup(tag: string): string[] {
        const pending = [...this.#pending.values()].filter(({ object }) => this.#tagOf(object) === tag);
        const written = [...this.#index.entries()].filter(([, entry]) => entry.tag === tag);
        return [...pending.map(({ object }) => object.key), ...written.map(([key]) => key)];
    }

    async settle(): Promise<void> {
        await this.#order.settle();
    }

    async #write(pending: Pending): Promise<void> {
        const { key } = pending.object;
        // A newer object, or none, is wanted by now; its own turn comes.
        if (this.#pending.get(key) !== pending) return;
        await this.#options.onChange();
        const { object } = pending;
        const tag = this.#tagOf(object);
        const bytes = await this.#options.files.write(this.#nameOf(key), object, tag);
        if (this.#pending.get(key) !== pending) return;
        const entry = { bytes, tag, metaText: JSON.stringify(object.meta) };
        if (!this.#index.set(key, entry, roomOf(bytes))) void this.#unlink(key);
    }

    #pause(key: string, error: unknown): void {
        this.#pausedUntilMs = this.#options.now() + PAUSE_MS;
        this.#index.delete(key);
        void this.#unlink(key);
        this.#options.onError(error);
    }

    /** @param isTorn whether a write into the file failed, so that it is of no use whatever the reason */
    #lose(key: string, error: unknown, isTorn = false): void {
        if (isTorn || isPassing(error)) this.#options.onError(error);
        if (!isTorn && isPassing(error)) return;
        this.damaged += 1;
        this.delete(key);
        this.#options.onEvict(key);
    }

    #unlink(key: string): Promise<void> {
        return this.#order
            .run(key, async () => {
                if (this.#index.has(key)) return;
                await this.#options.onChange();
                await this.#options.files.remove(this.#nameOf(key));
            })
            .catch((error: unknown) => this.#options.onError(error));
    }

    #nameOf(key: string): string {
        return this.#options.keys.nameOf(key);
    }

    #tagOf(object: StoredObject): string {
        return this.#options.keys.tagOf(this.#options.groupOf(object));
    }
}
