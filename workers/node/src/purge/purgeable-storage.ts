import type { ObjectStorage, StoredMeta, StoredObject } from '../cache/storage/object-storage.js';
import { type PurgedSubject, type PurgeRule, PurgeRules } from './rules.js';

/** A storage that tells the description of an object without a use of it. */
export interface DescribedStorage extends ObjectStorage {
    metaOf(key: string): StoredMeta | undefined;
}

/** Keys looked at before others get a turn. */
const KEYS_AT_ONCE = 500;
/** Fields in which responses name their collections. */
const TAG_FIELDS = ['cache-tag', 'surrogate-key'];

const numberOf = (value: unknown): number => (typeof value === 'number' ? value : Number.NEGATIVE_INFINITY);

/**
 * What the storage says of an object to a purge. A description names the fields of the response as `headers` and the time
 * of the request to the parent as `requestTimeMs`; without a time it counts as older than any purge.
 */
export function subjectOf(key: string, meta: StoredMeta): PurgedSubject {
    const headers = (meta.headers ?? {}) as Readonly<Record<string, unknown>>;
    const tags = TAG_FIELDS.flatMap((name) => String(headers[name] ?? '').split(/[\s,]+/)).filter((tag) => tag !== '');
    // Host of the parent, path and query, and what selects a variant behind a line break.
    const start = key.indexOf('/');
    const pathAndQuery = key.slice(start < 0 ? 0 : start).split('\n', 1)[0] ?? '';
    return { pathAndQuery, tags: new Set(tags), requestedAtMs: numberOf(meta.requestTimeMs) };
}

/** Lets nothing in that was asked for before a purge of it: neither fetches under way nor files of an earlier process. */
export class PurgeableStorage implements ObjectStorage {
    readonly #storage: DescribedStorage;
    readonly #rules = new PurgeRules();

    constructor(storage: DescribedStorage) {
        this.#storage = storage;
    }

    /** From now on; what is stored goes by `sweep`. */
    enforce(rule: PurgeRule): void {
        this.#rules.add(rule);
    }

    /** Deletes or expires what matches. @returns how many objects that were */
    async sweep(
        rule: PurgeRule,
        method: 'delete' | 'invalidate',
        onProgress: (purged: number) => void,
    ): Promise<number> {
        let [seen, purged] = [0, 0];
        for (const key of [...this.#storage.keys()]) {
            seen += 1;
            if (seen % KEYS_AT_ONCE === 0) {
                onProgress(purged);
                await new Promise((resolve) => setImmediate(resolve));
            }
            const meta = this.#storage.metaOf(key);
            if (meta === undefined || !rule.matches(subjectOf(key, meta))) continue;
            purged += 1;
            if (method === 'delete') this.#storage.delete(key);
            // Its age is then that of the epoch: stale by any rule, and in no window of grace.
            else this.#storage.describe(key, { ...meta, requestTimeMs: 0, responseTimeMs: 0 });
        }
        return purged;
    }

    async *open(): AsyncGenerator<{ key: string; meta: StoredMeta }> {
        for await (const found of this.#storage.open()) {
            if (this.#rules.allow(() => subjectOf(found.key, found.meta))) yield found;
            else this.#storage.delete(found.key);
        }
    }

    put(object: StoredObject): void {
        if (this.#rules.allow(() => subjectOf(object.key, object.meta))) this.#storage.put(object);
    }

    describe(key: string, meta: StoredMeta): void {
        if (this.#rules.allow(() => subjectOf(key, meta))) this.#storage.describe(key, meta);
    }

    peek(key: string): StoredObject | undefined {
        return this.#storage.peek(key);
    }
    has(key: string): boolean {
        return this.#storage.has(key);
    }
    load(key: string): Promise<StoredObject | null> {
        return this.#storage.load(key);
    }
    delete(key: string): void {
        this.#storage.delete(key);
    }
    keys(): Iterable<string> {
        return this.#storage.keys();
    }
    counts(): ReturnType<ObjectStorage['counts']> {
        return this.#storage.counts();
    }
    settle(): Promise<void> {
        return this.#storage.settle();
    }
}
