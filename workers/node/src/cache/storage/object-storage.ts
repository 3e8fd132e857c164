/** What a cache says of a stored body; storage keeps it and never looks inside. JSON, at most 64 KiB. */
export type StoredMeta = Readonly<Record<string, unknown>>;

export interface StoredObject {
    readonly key: string;
    readonly meta: StoredMeta;
    /** The whole object. */
    readonly body: Buffer;
}

export interface StorageCounts {
    /** In either tier; an object in both counts once. */
    objects: number;
    memoryBytes: number;
    diskBytes: number;
    evictions: number;
    /** Objects that were thrown away because what was read was not what was written. */
    damaged: number;
}

/** Bounded store of whole objects in memory and on disk. What it gives back is what was put, or nothing. */
export interface ObjectStorage {
    /** Reads what an earlier process left on disk; yields it so that the cache can rebuild its own tables. */
    open(): AsyncIterable<{ key: string; meta: StoredMeta }>;
    /** Memory only, for the hot path; counts as a use. */
    peek(key: string): StoredObject | undefined;
    has(key: string): boolean;
    /** Memory, else disk; concurrent loads of one key read once. */
    load(key: string): Promise<StoredObject | null>;
    /** In memory at once, on disk behind; too large an object goes to disk only, or nowhere. */
    put(object: StoredObject): void;
    /** Replaces the description of an object that is there (a 304 freshened it); the body stays. */
    describe(key: string, meta: StoredMeta): void;
    delete(key: string): void;
    keys(): Iterable<string>;
    counts(): StorageCounts;
    /** Resolves once writes under way are on disk. */
    settle(): Promise<void>;
}
