import { fingerprintOf } from '../cache/storage/ghost-queue.js';

/** Requests noted before all is forgotten. */
const MAX_SEEN = 8_192;
/** One in eight at most is taken, so few are taken for others. */
const PLACES = 8 * MAX_SEEN;

/** Most requests never repeat byte by byte, and what is prepared for them would only push out what does. */
export class SeenRequests {
    readonly #places = new Uint8Array(PLACES);
    #count = 0;

    isSeenAgain(text: string): boolean {
        const place = fingerprintOf(text) % PLACES;
        if (this.#places[place] === 1) return true;
        if (this.#count >= MAX_SEEN) {
            this.#places.fill(0);
            this.#count = 0;
        }
        this.#places[place] = 1;
        this.#count += 1;
        return false;
    }
}
