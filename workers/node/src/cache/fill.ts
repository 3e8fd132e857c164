import type { BodySource } from './body-source.js';
import { ChunkBuffer } from './chunk-buffer.js';
import { InFlightBudget } from './in-flight-budget.js';
import { News } from './news.js';

/** Bytes that a pass-through may hold between parent and slowest viewer. */
const PASS_THROUGH_WINDOW_BYTES = 1024 * 1024;

export interface CompletedBody {
    body: Buffer;
}

export interface FillInput {
    source: BodySource;
    /** Length that the parent announced, if any. */
    length: number | undefined;
    /** Keep all bytes for the cache and for late followers, up to `maxBytes`; otherwise only pass them on. */
    retain: boolean;
    maxBytes: number;
    /** Shared with other bodies on their way: when it is used up, this one is passed on and no longer kept. */
    budget?: InFlightBudget;
}

interface Cursor {
    offset: number;
    /** Ends this reader's wait for bytes. */
    wake: () => void;
}

/** Chunks of a body in order. */
export type BodyReader = AsyncIterableIterator<Buffer, undefined>;

/**
 * One body arriving from a parent, read by any number of viewers at their own pace. It belongs to no viewer: the one whose
 * request began it may leave without harm to the others.
 */
export class Fill {
    readonly length: number | undefined;
    /** The whole body, or null if it was not retained; rejects if the parent fails. */
    readonly completed: Promise<CompletedBody | null>;
    readonly #source: BodySource;
    readonly #budget: InFlightBudget;
    readonly #cursors = new Set<Cursor>();
    readonly #chunks = new ChunkBuffer();
    readonly #news = new News();
    #retain: boolean;
    #reported = 0;
    #joinedOnce = false;
    #abandoned = false;
    #ended = false;
    #failure: Error | null = null;

    constructor({
        source,
        length,
        retain,
        maxBytes,
        budget = new InFlightBudget(Number.POSITIVE_INFINITY),
    }: FillInput) {
        this.length = length;
        this.#source = source;
        this.#retain = retain;
        this.#budget = budget;
        this.completed = this.#pump(maxBytes);
        this.completed.catch(() => undefined);
    }

    get retained(): boolean {
        return this.#retain;
    }

    /** True while a new reader can still get every byte from the first on. */
    get joinable(): boolean {
        return this.#chunks.base === 0 && this.#failure === null && (this.#retain || !this.#joinedOnce);
    }

    /**
     * Bytes `first` to `last` (inclusive; to the end if undefined) as they arrive; `next` throws if the parent fails on the way.
     * The caller must call `return` if it stops early: a reader that is forgotten holds back a pass-through. It may do so while
     * it waits for `next`, which then ends although the parent is silent.
     */
    read(first = 0, last?: number): BodyReader {
        // Registered now, not at the first `next()`: bytes must not be dropped in between.
        const cursor: Cursor = { offset: first, wake: () => undefined };
        this.#joinedOnce = true;
        this.#cursors.add(cursor);
        const leave = (): void => {
            if (!this.#cursors.delete(cursor)) return;
            this.#trim();
            cursor.wake();
        };
        return {
            next: async () => {
                const chunk = await this.#take(cursor, last);
                if (chunk !== null) return { done: false, value: chunk };
                leave();
                return { done: true, value: undefined };
            },
            return: async () => {
                leave();
                return { done: true, value: undefined };
            },
            [Symbol.asyncIterator]() {
                return this;
            },
        };
    }

    async #take(cursor: Cursor, last: number | undefined): Promise<Buffer | null> {
        for (;;) {
            if (!this.#cursors.has(cursor) || (last !== undefined && cursor.offset > last)) return null;
            // Came too late, after others had begun: better no bytes than those of another place.
            if (cursor.offset < this.#chunks.base) throw new Error('the bytes wanted are held no more');
            const chunk = this.#chunks.at(cursor.offset);
            if (chunk !== null) {
                const wanted = last === undefined ? chunk : chunk.subarray(0, last - cursor.offset + 1);
                cursor.offset += wanted.length;
                this.#trim();
                return wanted;
            }
            if (this.#failure !== null) {
                this.#cursors.delete(cursor);
                throw this.#failure;
            }
            if (this.#ended) return null;
            await this.#newsFor(cursor);
        }
    }

    /** Of this reader alone, so that a thousand who leave at once do not wake a thousand each. */
    #newsFor(cursor: Cursor): Promise<void> {
        return new Promise((resolve) => {
            cursor.wake = resolve;
            this.#news.next().then(resolve);
        });
    }

    /**
     * Ends a body that nobody has begun to read; one that is retained goes on for as long as it may be kept, because the next
     * viewer will ask for it.
     */
    abandon(): void {
        this.#abandoned = true;
        this.#trim();
    }

    async #pump(maxBytes: number): Promise<CompletedBody | null> {
        try {
            for await (const chunk of this.#source) {
                this.#chunks.append(chunk);
                this.#report(this.#chunks.held);
                if (this.#chunks.received > maxBytes || !this.#budget.hasRoomFor(0)) this.#retain = false;
                this.#news.tell();
                if (!this.#retain) await this.#roomForMore();
            }
            if (this.length !== undefined && this.length !== this.#chunks.received) {
                throw new Error('the parent ended before the announced length');
            }
        } catch (error) {
            this.#failure = error instanceof Error ? error : new Error('the parent failed');
            this.#report(0);
            this.#news.tell();
            throw this.#failure;
        }
        this.#ended = true;
        const body = this.#retain ? this.#chunks.join() : null;
        if (body !== null) this.#report(0);
        this.#news.tell();
        return body === null ? null : { body };
    }

    /** @throws if all have left: what is not kept is then for nobody, and nobody would ever make room for more of it */
    async #roomForMore(): Promise<void> {
        for (;;) {
            if (this.#deserted()) throw new Error('every viewer left');
            if (this.#chunks.held <= PASS_THROUGH_WINDOW_BYTES) return;
            await this.#news.next();
        }
    }

    /** Not before somebody came: whose request began it reads a moment later. */
    #deserted(): boolean {
        return (this.#joinedOnce || this.#abandoned) && this.#cursors.size === 0;
    }

    #report(heldBytes: number): void {
        this.#budget.change(heldBytes - this.#reported);
        this.#reported = heldBytes;
    }

    /** Frees what every reader has passed; only for bodies that are not retained. */
    #trim(): void {
        if (this.#retain || this.#failure !== null) return;
        const slowest = Math.min(...[...this.#cursors].map(({ offset }) => offset), Number.POSITIVE_INFINITY);
        if (this.#deserted()) this.#source.destroy();
        this.#chunks.freeBefore(slowest);
        this.#report(this.#chunks.held);
        this.#news.tell();
    }
}
