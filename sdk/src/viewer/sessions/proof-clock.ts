import { isMarketplaceError } from '../../core/error.js';

const WRONG_CLOCK = /^MKT_NODE__PROOF_CLOCK$/;

/**
 * The times of one session's proofs. A node judges them by its own clock, and names that where it refuses one because the viewer's clock is not
 * set. A proof opens this session at this node and nothing else, so that a node gains nothing by naming a wrong time.
 */
export class ProofClock {
    readonly #now: () => number;
    #lastMs = 0;
    /** The node's clock less the viewer's. */
    #offsetMs = 0;

    /** @param now the viewer's clock, Unix milliseconds */
    constructor(now: () => number) {
        this.#now = now;
    }

    /** A node takes no proof twice: two openings in one millisecond get two times. */
    next(): number {
        this.#lastMs = Math.max(this.#now() + this.#offsetMs, this.#lastMs + 1);
        return this.#lastMs;
    }

    /**
     * Goes by the node's time from now on, if the refusal of a proof tells it.
     * @returns false if it does not, and another proof would fare no better
     */
    adopt(refusal: unknown): boolean {
        if (!isMarketplaceError(refusal) || !WRONG_CLOCK.test(String(refusal.context.peerCode))) return false;
        const nodeMs = (refusal.context.peerDetails as { nowMs?: unknown } | undefined)?.nowMs;
        if (typeof nodeMs !== 'number' || !Number.isSafeInteger(nodeMs) || nodeMs <= 0) return false;
        // The node took no proof of the wrong time, which may be one of the future.
        this.#lastMs = 0;
        this.#offsetMs = nodeMs - this.#now();
        return true;
    }
}
