/**
 * How far ahead of the playhead a player has media, by the clock that it is given (milliseconds). Playback starts with
 * the first segment, stands still when the buffer runs dry and goes on with the next segment.
 */
export class PlaybackBuffer {
    readonly #startedAtMs: number;
    #bufferedMs = 0;
    #clockMs: number;
    #stalledAtMs: number | undefined;
    #startupMs: number | undefined;
    #stalls = 0;

    constructor(startedAtMs: number) {
        this.#startedAtMs = startedAtMs;
        this.#clockMs = startedAtMs;
    }

    /** Times that playback stood still after it had started. */
    get stalls(): number {
        return this.#stalls;
    }
    /** Start until the first segment was there; undefined before. */
    get startupMs(): number | undefined {
        return this.#startupMs;
    }
    /** What is left at `nowMs`; unlike `advance` it takes no stall for granted, because the stream may be over. */
    remainingMs(nowMs: number): number {
        return Math.max(0, this.#bufferedMs - Math.max(0, nowMs - this.#clockMs));
    }

    /** Adds a segment that arrived at `nowMs`. @returns milliseconds for which playback had stood still. */
    append(durationSecs: number, nowMs: number): number {
        this.advance(nowMs);
        this.#bufferedMs += durationSecs * 1000;
        this.#startupMs ??= nowMs - this.#startedAtMs;
        if (this.#stalledAtMs === undefined) return 0;
        const stallMs = nowMs - this.#stalledAtMs;
        this.#stalledAtMs = undefined;
        return stallMs;
    }

    /** Moves the playhead to `nowMs`. */
    advance(nowMs: number): void {
        const elapsedMs = Math.max(0, nowMs - this.#clockMs);
        this.#clockMs = Math.max(this.#clockMs, nowMs);
        if (this.#startupMs === undefined || this.#stalledAtMs !== undefined) return;
        this.#bufferedMs -= elapsedMs;
        if (this.#bufferedMs >= 0) return;
        this.#stalledAtMs = nowMs + this.#bufferedMs;
        this.#bufferedMs = 0;
        this.#stalls += 1;
    }
}
