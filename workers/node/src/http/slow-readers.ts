import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpLimits } from './limits.js';

const SWEEP_MS = 1_000;

interface Watched {
    response: ServerResponse;
    sentBytes: () => number;
    /** Of the moment in which the node first waited for this viewer. */
    bytesBefore: number;
    /** Time in which the node had something to send and could not. */
    waitedMs: number;
}

/**
 * Breaks responses whose viewers read more slowly than `minBytesPerSec`, counted over the time in which the node waits for
 * them: not while it waits for its own parent, or for a receipt. A viewer that reads a byte now and then is never idle.
 */
export class SlowReaders {
    readonly #limits: HttpLimits;
    readonly #onCut: () => void;
    readonly #watched = new Set<Watched>();
    readonly #timer: NodeJS.Timeout;

    constructor(limits: HttpLimits, onCut: () => void) {
        this.#limits = limits;
        this.#onCut = onCut;
        const sweepMs = Math.min(SWEEP_MS, limits.minRateAfterMs);
        this.#timer = setInterval(() => this.#sweep(sweepMs), sweepMs).unref();
    }

    watch({ socket }: IncomingMessage, response: ServerResponse): void {
        const sentBytes = (): number => socket.bytesWritten - response.writableLength;
        const watched = { response, sentBytes, bytesBefore: 0, waitedMs: 0 };
        this.#watched.add(watched);
        response.once('close', () => this.#watched.delete(watched));
    }

    stop(): void {
        clearInterval(this.#timer);
    }

    #sweep(sweepMs: number): void {
        const { minBytesPerSec, minRateAfterMs } = this.#limits;
        for (const watched of this.#watched) {
            const { response, sentBytes } = watched;
            if (response.writableLength === 0) continue;
            if (watched.waitedMs === 0) watched.bytesBefore = sentBytes();
            watched.waitedMs += sweepMs;
            const readBytes = sentBytes() - watched.bytesBefore;
            if (watched.waitedMs <= minRateAfterMs || (readBytes * 1_000) / watched.waitedMs >= minBytesPerSec)
                continue;
            this.#watched.delete(watched);
            this.#onCut();
            response.destroy();
        }
    }
}
