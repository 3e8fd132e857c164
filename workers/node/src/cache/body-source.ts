import { createHash } from 'node:crypto';

/** Chunks of a body in order; `destroy` frees the connection that they come from. */
export interface BodySource extends AsyncIterable<Buffer> {
    destroy(): void;
}

/** Fetches that may take over one body. */
const MAX_REPLACEMENTS = 2;

export interface SteadyBodyInput {
    body: BodySource;
    stallTimeoutMs: number;
    /** Without a strong validator only equal bytes show that another fetch goes on with the same representation. */
    comparesBytes: boolean;
    /** Fetches what follows the bytes received. @param sha256 of those, if `comparesBytes` */
    replace: (received: number, sha256: string | null) => Promise<BodySource>;
}

/** A body whose fetch is replaced when it falls silent, so that one stalled connection does not stall all who wait for it. */
export class SteadyBody implements BodySource {
    readonly #input: SteadyBodyInput;
    #current: BodySource;
    #isDestroyed = false;

    constructor(input: SteadyBodyInput) {
        this.#input = input;
        this.#current = input.body;
    }

    destroy(): void {
        this.#isDestroyed = true;
        this.#current.destroy();
    }

    async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
        const { stallTimeoutMs, comparesBytes, replace } = this.#input;
        const hash = comparesBytes ? createHash('sha256') : null;
        let received = 0;
        let replacements = 0;
        let chunks = this.#current[Symbol.asyncIterator]();
        const silence = new Silence(stallTimeoutMs);
        try {
            for (;;) {
                const step = await silence.next(chunks);
                if (step === null) {
                    this.#current.destroy();
                    replacements += 1;
                    if (replacements > MAX_REPLACEMENTS) throw new Error('the parent fell silent again and again');
                    this.#current = await replace(received, hash?.copy().digest('hex') ?? null);
                    if (this.#isDestroyed) this.#current.destroy();
                    chunks = this.#current[Symbol.asyncIterator]();
                } else if (step.done === true) return;
                else {
                    hash?.update(step.value);
                    received += step.value.length;
                    yield step.value;
                }
            }
        } finally {
            silence.end();
            this.#current.destroy();
        }
    }
}

/** Waits for chunks, each for a bounded time, with one timer for all of them. */
class Silence {
    readonly #timer: NodeJS.Timeout;
    #giveUp: (() => void) | null = null;

    constructor(timeoutMs: number) {
        this.#timer = setTimeout(() => this.#giveUp?.(), timeoutMs);
    }

    /** Null if nothing came in time. */
    next<T>(chunks: AsyncIterator<T>): Promise<IteratorResult<T> | null> {
        this.#timer.refresh();
        return new Promise((resolve, reject) => {
            this.#giveUp = () => resolve(null);
            // Of a source that is given up nothing is news, nor its failure: this promise has its value by then.
            chunks.next().then(resolve, reject);
        });
    }

    end(): void {
        clearTimeout(this.#timer);
    }
}

/** The rest of a body after bytes that are known already. @param sha256 these bytes must have it, if it is not null */
export function skipKnown(source: BodySource, bytes: number, sha256: string | null): BodySource {
    async function* rest(): AsyncGenerator<Buffer> {
        const hash = createHash('sha256');
        let left = bytes;
        let isVerified = sha256 === null;
        for await (const chunk of source) {
            const known = chunk.subarray(0, left);
            left -= known.length;
            if (!isVerified) {
                hash.update(known);
                if (left > 0) continue;
                if (hash.digest('hex') !== sha256) throw new Error('the parent sent other bytes than before');
                isVerified = true;
            }
            if (known.length < chunk.length) yield chunk.subarray(known.length);
        }
        if (left > 0) throw new Error('the parent sent less than before');
    }
    return { [Symbol.asyncIterator]: rest, destroy: () => source.destroy() };
}

/** Bytes that are at hand, then those that arrive. */
export function prefixed(prefix: Buffer, source: BodySource): BodySource {
    async function* all(): AsyncGenerator<Buffer> {
        yield prefix;
        yield* source;
    }
    return { [Symbol.asyncIterator]: all, destroy: () => source.destroy() };
}
