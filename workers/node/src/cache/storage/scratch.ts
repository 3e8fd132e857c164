/** Smallest buffer made: what is read most is of some size. */
const MIN_BYTES = 128 * 1024;

/** Buffers that are used again: each new one would be zeroed pages for the kernel and work for the garbage collector. */
export class Scratch {
    readonly #free: Buffer[] = [];
    readonly #most: number;

    /** @param most that are kept: as many as are in use at once */
    constructor(most: number) {
        this.#most = most;
    }

    /** At least so long. */
    take(bytes: number): Buffer {
        const held = this.#free.pop();
        return held !== undefined && held.length >= bytes ? held : Buffer.allocUnsafeSlow(Math.max(MIN_BYTES, bytes));
    }

    giveBack(buffer: Buffer): void {
        if (this.#free.length < this.#most) this.#free.push(buffer);
    }
}
