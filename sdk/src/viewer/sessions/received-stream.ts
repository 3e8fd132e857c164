import type { CompletedObject } from '../receipt-session.js';
import { type Part, PartHasher, type UnfinishedHash } from './part-hasher.js';

/** `cancelled`: whoever reads went away. */
export type StreamEnd = 'complete' | 'cancelled' | 'failed';

export interface ReceivedStreamInput {
    /** Unix milliseconds. */
    askedAtMs: number;
    /** Null where the bytes are those that were sent; of an encoded body, which is read decoded, its length as sent. */
    sentBytes?: number | null;
    /** What the node announced; 0 if it did not. */
    lengthBytes?: number;
    createHash?: () => UnfinishedHash;
}

/** One response on its way in: what arrives is recorded part by part, what arrived before a break is a part as well. */
export class ReceivedStream {
    readonly #parts: PartHasher;
    readonly #sentBytes: number | null;
    readonly #askedAtMs: number;
    readonly #now: () => number;
    readonly #onEnd: () => void;
    readonly #lengthBytes: number;
    #ttfbMs: number | null = null;
    #recordedBytes = 0;
    #isEnded = false;

    constructor(
        { askedAtMs, sentBytes = null, lengthBytes = 0, createHash }: ReceivedStreamInput,
        hooks: { now: () => number; record: (object: CompletedObject) => void; onEnd: () => void },
    ) {
        this.#askedAtMs = askedAtMs;
        this.#lengthBytes = lengthBytes;
        this.#sentBytes = sentBytes;
        this.#now = hooks.now;
        this.#onEnd = hooks.onEnd;
        const onPart = ({ sha256, lengthBytes: partBytes }: Part): void => {
            const recordedBytes = sentBytes ?? partBytes;
            this.#recordedBytes += recordedBytes;
            const times = { ttfbMs: this.#ttfbMs ?? 0, completedAtMs: hooks.now() };
            hooks.record({ sha256, lengthBytes: recordedBytes, ...times });
        };
        this.#parts = new PartHasher({
            onPart,
            ...(sentBytes === null ? {} : { partBytes: Number.POSITIVE_INFINITY }),
            ...(createHash === undefined ? {} : { createHash }),
        });
    }

    /** Bytes that could be recorded now and are not yet. */
    get pendingBytes(): number {
        return this.#sentBytes === null ? this.#parts.pendingBytes : 0;
    }

    /** Bytes that are still to be recorded, as far as is known. */
    get expectedBytes(): number {
        return Math.max(this.#lengthBytes - this.#recordedBytes, this.pendingBytes);
    }

    add(chunk: Uint8Array): void {
        this.#ttfbMs ??= Math.max(0, this.#now() - this.#askedAtMs);
        this.#parts.add(chunk);
    }

    /** Records what is there, however short: a receipt for it is worth more than a long part. */
    cut(): void {
        // How much of an encoded body was sent for what arrived is known only if all arrived.
        if (this.#sentBytes === null) this.#parts.finish();
    }

    end(how: StreamEnd): void {
        if (this.#isEnded) return;
        this.#isEnded = true;
        if (how === 'complete') this.#parts.finish();
        else this.cut();
        this.#onEnd();
    }
}
