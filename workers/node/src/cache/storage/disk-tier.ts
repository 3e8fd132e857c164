import type { IndexedFile } from './disk-index.js';
import { type DiskTierOptions, type Entry, isPassing, READS_AT_ONCE, roomOf, WRITES_AT_ONCE } from './disk-options.js';
import { KeyOrder } from './key-order.js';
import type { DescribedObject } from './object-bytes.js';
import type { StoredMeta, StoredObject } from './object-storage.js';
import { S3Fifo } from './s3-fifo.js';
import { Turns } from './turns.js';
import { type Pending, WriteBehind } from './write-behind.js';

/**
 * Objects in files, evicted by size and use. Operations on one key take effect in the order of the calls; a bound may be
 * exceeded by the files that are being written at the moment, never by more.
 */
export class DiskTier {
    damaged = 0;
    evictions = 0;
    readonly #options: DiskTierOptions;
    readonly #index: S3Fifo<Entry>;
    readonly #pending: WriteBehind;
    readonly #order = new KeyOrder();
    readonly #reads = new Turns(READS_AT_ONCE);
    #writes = 0;
    /** Until the scan ends: what it must not bring back. */
    #deleted: Set<string> | null = new Set();

    constructor(options: DiskTierOptions) {
        this.#options = options;
        this.#pending = new WriteBehind(options.now);
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
        return this.#index.has(key) || this.#pending.get(key) !== undefined;
    }

    *keys(): Generator<string> {
        yield* this.#index.keys();
        for (const key of this.#pending.keys()) if (!this.#index.has(key)) yield key;
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

    /** Everything that was on disk is known: what is not known is not there. */
    scanned(): void {
        this.#deleted = null;
    }

    put(described: DescribedObject): void {
        const { key, body } = described.object;
        if (body.length > this.#options.maxBytes || !this.#pending.admits(body.length)) {
            // An older object of the key must not come back.
            this.delete(key);
            return;
        }
        this.#index.delete(key);
        this.#deleted?.delete(key);
        this.#pending.add(described);
        this.#writeNext();
    }

    async load(key: string): Promise<DescribedObject | null> {
        const waiting = this.#pending.get(key);
        if (waiting !== undefined) return waiting;
        const entry = this.#index.use(key);
        if (entry === undefined) return null;
        const read = (): Promise<Buffer> => this.#options.files.read(this.#nameOf(key), entry);
        return this.#order.run(key, async () => {
            try {
                const body = this.#index.look(key) === entry ? await this.#reads.run(read) : null;
                if (this.#index.look(key) === entry && body !== null) {
                    const { metaText } = entry;
                    return { object: { key, meta: JSON.parse(metaText) as StoredMeta, body }, metaText };
                }
            } catch (error) {
                if (this.#index.look(key) === entry) this.#lose(key, error);
            }
            // Replaced meanwhile, perhaps by one that is too large for memory.
            return this.#pending.get(key) ?? null;
        });
    }

    describe(key: string, meta: StoredMeta, metaText: string): void {
        if (!this.has(key)) return;
        this.#pending.describe(key, meta, metaText);
        void this.#order.run(key, async () => {
            const entry = this.#index.look(key);
            if (entry === undefined) return;
            try {
                await this.#options.onChange();
                const bytes = await this.#options.files.describe(this.#nameOf(key), entry, { key, metaText });
                Object.assign(entry, { bytes, metaText });
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
        return [...this.keys()].filter((key) => {
            const waiting = this.#pending.get(key);
            return (waiting === undefined ? this.#index.look(key)?.tag : this.#tagOf(waiting.object)) === tag;
        });
    }

    current(): Promise<void> {
        return this.#order.current();
    }

    /** Resolves when nothing is under way; under load, that may be never. */
    async settle(): Promise<void> {
        while (!this.#pending.isEmpty || !this.#order.isSettled) await this.#order.current();
    }

    #writeNext(): void {
        if (this.#writes >= WRITES_AT_ONCE) return;
        const pending = this.#pending.take();
        if (pending === undefined) return;
        const { key } = pending.object;
        this.#writes += 1;
        void this.#order
            .run(key, () => this.#write(pending))
            .catch((error: unknown) => this.#pause(key, error))
            .finally(() => {
                this.#pending.end(pending);
                this.#writes -= 1;
                this.#writeNext();
            });
    }

    async #write(pending: Pending): Promise<void> {
        const { key } = pending.object;
        // A newer object, or none, is wanted by now; its own turn comes.
        if (!this.#pending.isCurrent(pending)) return;
        await this.#options.onChange();
        const { object, metaText } = pending;
        const { body } = object;
        const group = this.#options.groupOf(object);
        const tag = this.#options.keys.tagOf(group);
        const file = { name: this.#nameOf(key), group, tag, key, metaText, body };
        const facts = await this.#options.files.write(file);
        if (!this.#pending.isCurrent(pending)) return;
        if (this.#index.set(key, { ...facts, metaText }, roomOf(facts.bytes))) return;
        this.delete(key);
        this.#options.onEvict(key);
    }

    #pause(key: string, error: unknown): void {
        this.#pending.pause();
        this.#index.delete(key);
        void this.#unlink(key);
        this.#options.onEvict(key);
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
