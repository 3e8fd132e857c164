import type { StoredMeta, StoredObject } from './object-storage.js';

/** Bodies that wait to be written are memory beyond the memory tier: what finds the queue full is not written. */
const MAX_QUEUED_BYTES = 64 * 1024 * 1024;
/** After a failed write (no room, no permission): what is there is served on, nothing is written. */
const PAUSE_MS = 30_000;

/** A body on its way to a file; the description may change until it is there. */
export interface Pending {
    object: StoredObject;
}

/** Objects that are not in their files yet: the newest of each key. */
export class WriteBehind {
    readonly #now: () => number;
    readonly #pending = new Map<string, Pending>();
    #queuedBytes = 0;
    #pausedUntilMs = Number.NEGATIVE_INFINITY;

    constructor(now: () => number) {
        this.#now = now;
    }

    admits(bytes: number): boolean {
        return this.#now() >= this.#pausedUntilMs && this.#queuedBytes + bytes <= MAX_QUEUED_BYTES;
    }

    pause(): void {
        this.#pausedUntilMs = this.#now() + PAUSE_MS;
    }

    add(object: StoredObject): Pending {
        const pending = { object };
        this.#pending.set(object.key, pending);
        this.#queuedBytes += object.body.length;
        return pending;
    }

    /** Also of one that was replaced meanwhile. */
    end(pending: Pending): void {
        this.#queuedBytes -= pending.object.body.length;
        if (this.isCurrent(pending)) this.#pending.delete(pending.object.key);
    }

    isCurrent(pending: Pending): boolean {
        return this.#pending.get(pending.object.key) === pending;
    }

    get(key: string): StoredObject | undefined {
        return this.#pending.get(key)?.object;
    }

    describe(key: string, meta: StoredMeta): void {
        const pending = this.#pending.get(key);
        if (pending !== undefined) pending.object = { ...pending.object, meta };
    }

    delete(key: string): boolean {
        return this.#pending.delete(key);
    }

    keys(): IterableIterator<string> {
        return this.#pending.keys();
    }
}
