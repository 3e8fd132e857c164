/** Bytes of all bodies on their way that are held in memory. */
export class InFlightBudget {
    readonly #maxBytes: number;
    #heldBytes = 0;

    constructor(maxBytes: number) {
        this.#maxBytes = maxBytes;
    }

    hasRoomFor(bytes: number): boolean {
        return this.#heldBytes + bytes <= this.#maxBytes;
    }

    change(difference: number): void {
        this.#heldBytes += difference;
    }
}
