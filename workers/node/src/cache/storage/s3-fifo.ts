import { GhostQueue } from './ghost-queue.js';
import { type Linked, LinkedQueue } from './linked-queue.js';

/** Share of the room for objects that have not proved themselves. */
const PROBATION_SHARE = 0.1;
/** Uses that are told apart; two bits, as in the paper. */
const MAX_USES = 3;

interface Resident<V> extends Linked<Resident<V>> {
    readonly key: string;
    value: V;
    bytes: number;
    uses: number;
    isProven: boolean;
}

export interface S3FifoOptions<V> {
    maxBytes: number;
    maxCount: number;
    /**
     * Whether room is worth more to small objects than to large ones: more hits, fewer bytes of them. Right where a hit
     * saves work (memory before disk), wrong where it saves traffic (disk before a parent).
     */
    favoursSmall: boolean;
    /** Called for what had to make room; not for what was replaced or removed. */
    onEvict(key: string, value: V): void;
}

/**
 * S3-FIFO (Yang, Zhang, Qiu, Yue, Rashmi: "FIFO Queues are All You Need for Cache Eviction", SOSP 2023) with queues measured in
 * bytes. New objects pass through a small queue; those used there, or asked for again soon after they left it (the ghost
 * queue), go to the main one, which gives what was used another round. A use costs an increment, and a scan never reaches
 * the main queue. Where small objects are favoured, an object above the mean size must have been used in proportion to stay.
 */
export class S3Fifo<V> {
    readonly #options: S3FifoOptions<V>;
    readonly #residents = new Map<string, Resident<V>>();
    readonly #probation = new LinkedQueue<Resident<V>>();
    readonly #main = new LinkedQueue<Resident<V>>();
    readonly #ghosts = new GhostQueue();
    #bytes = 0;
    #probationBytes = 0;

    constructor(options: S3FifoOptions<V>) {
        this.#options = options;
    }

    get bytes(): number {
        return this.#bytes;
    }

    get count(): number {
        return this.#residents.size;
    }

    keys(): IterableIterator<string> {
        return this.#residents.keys();
    }

    has(key: string): boolean {
        return this.#residents.has(key);
    }

    /** Without counting as a use. */
    look(key: string): V | undefined {
        return this.#residents.get(key)?.value;
    }

    use(key: string): V | undefined {
        const found = this.#residents.get(key);
        if (found === undefined) return undefined;
        if (found.uses < MAX_USES) found.uses += 1;
        return found.value;
    }

    /** Returns false for what is larger than the whole tier; then nothing of that key is left. */
    set(key: string, value: V, bytes: number): boolean {
        const known = this.#residents.get(key);
        if (known !== undefined) this.#drop(known);
        if (bytes > this.#options.maxBytes || this.#options.maxCount < 1) return false;
        while (this.#bytes + bytes > this.#options.maxBytes || this.count >= this.#options.maxCount) this.#evictOne();
        const isProven = known?.isProven ?? this.#ghosts.take(key);
        const resident = { key, value, bytes, uses: known?.uses ?? 0, isProven, newer: null, older: null };
        this.#residents.set(key, resident);
        this.#bytes += bytes;
        this.#enqueue(resident);
        return true;
    }

    delete(key: string): V | undefined {
        const found = this.#residents.get(key);
        if (found !== undefined) this.#drop(found);
        return found?.value;
    }

    /** In the order of eviction without further uses; what `set` in this order restores, but for the uses. */
    *entries(): Generator<[key: string, value: V]> {
        for (const queue of [this.#probation, this.#main]) for (const { key, value } of queue) yield [key, value];
    }

    #evictOne(): void {
        const isFull = this.#probationBytes > this.#options.maxBytes * PROBATION_SHARE;
        const candidate = isFull || this.#main.length === 0 ? this.#probation.oldest : this.#main.oldest;
        if (candidate === null) return;
        if (this.#deserves(candidate)) {
            this.#dequeue(candidate);
            // A new object starts its life in the main queue without credit, an old one pays for each round.
            candidate.uses = candidate.isProven ? candidate.uses - 1 : 0;
            candidate.isProven = true;
            this.#enqueue(candidate);
            return;
        }
        this.#drop(candidate);
        if (!candidate.isProven) this.#ghosts.remember(candidate.key, this.count);
        this.#options.onEvict(candidate.key, candidate.value);
    }

    #deserves({ uses, bytes }: Resident<V>): boolean {
        if (uses === 0) return false;
        if (!this.#options.favoursSmall || uses === MAX_USES) return true;
        return uses * this.#bytes >= bytes * this.count;
    }

    #enqueue(resident: Resident<V>): void {
        (resident.isProven ? this.#main : this.#probation).push(resident);
        if (!resident.isProven) this.#probationBytes += resident.bytes;
    }

    #dequeue(resident: Resident<V>): void {
        (resident.isProven ? this.#main : this.#probation).remove(resident);
        if (!resident.isProven) this.#probationBytes -= resident.bytes;
    }

    #drop(resident: Resident<V>): void {
        this.#dequeue(resident);
        this.#residents.delete(resident.key);
        this.#bytes -= resident.bytes;
    }
}
