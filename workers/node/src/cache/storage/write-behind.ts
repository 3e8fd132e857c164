import type { DescribedObject } from './object-bytes.js';
import type { StoredMeta } from './object-storage.js';

/** What waits to be written is memory beyond the memory tier: what finds the queue full is not written. */
const MAX_QUEUED_BYTES = 64 * 1024 * 1024;
/** Key, description and wrappers of what waits, besides its body. */
const PENDING_BYTES = 2_048;
/** After a failed write (no room, no permission): what is there is served on, nothing is written. */
const PAUSE_MS = 30_000;

/** A body on its way to a file; the description may change until it is there. */
export type Pending = DescribedObject;
const bytesOf = ({ object }: Pending): number => object.body.length + PENDING_BYTES;

/** Objects that are not in their files yet: the newest of each key. Whatever waits is no more than an entry of two tables. */
export class WriteBehind {
    readonly #now: () => number;
    readonly #pending = new Map<string, Pending>();
    /** Those of which no write has begun, the oldest first. */
    readonly #waiting = new Set<Pending>();
    #queuedBytes = 0;
    #pausedUntilMs = Number.NEGATIVE_INFINITY;

    constructor(now: () => number) {
        this.#now = now;
    }

    get isEmpty(): boolean {
        return this.#pending.size === 0;
    }

    admits(bytes: number): boolean {
        return this.#now() >= this.#pausedUntilMs && this.#queuedBytes + bytes + PENDING_BYTES <= MAX_QUEUED_BYTES;
    }

    pause(): void {
        this.#pausedUntilMs = this.#now() + PAUSE_MS;
    }

    add(described: DescribedObject): void {
        const { key } = described.object;
        this.delete(key);
        const pending = { ...described };
        this.#pending.set(key, pending);
        this.#waiting.add(pending);
        this.#queuedBytes += bytesOf(pending);
    }

    /** The next to write; whoever takes it says when that has ended. */
    take(): Pending | undefined {
        const [pending] = this.#waiting;
        if (pending !== undefined) this.#waiting.delete(pending);
        return pending;
    }

    /** Also of one that was replaced meanwhile. */
    end(pending: Pending): void {
        this.#queuedBytes -= bytesOf(pending);
        if (this.isCurrent(pending)) this.#pending.delete(pending.object.key);
    }

    isCurrent(pending: Pending): boolean {
        return this.#pending.get(pending.object.key) === pending;
    }

    get(key: string): Pending | undefined {
        return this.#pending.get(key);
    }

    describe(key: string, meta: StoredMeta, metaText: string): void {
        const pending = this.#pending.get(key);
        if (pending !== undefined) Object.assign(pending, { object: { ...pending.object, meta }, metaText });
    }

    delete(key: string): boolean {
        const pending = this.#pending.get(key);
        if (pending === undefined) return false;
        this.#pending.delete(key);
        if (this.#waiting.delete(pending)) this.#queuedBytes -= bytesOf(pending);
        return true;
    }

    keys(): IterableIterator<string> {
        return this.#pending.keys();
    }
}
