/** Added by each fall. Figures are relative to each other only. */
const PENALTY_PER_FALL = 1_000;
/** Above it a peer that answers again is held back, */
const SUPPRESS_ABOVE = 2_500;
/** and below it let in. */
const REUSE_BELOW = 1_000;
const HALF_LIFE_MS = 60_000;
/** However often it fell, a peer that stays up is back after this. */
const LONGEST_MS = 10 * 60_000;
const CEILING = REUSE_BELOW * 2 ** (LONGEST_MS / HALF_LIFE_MS);

/**
 * Damping of a flapping peer, as routers damp flapping routes (RFC 2439): each fall adds a penalty that halves every minute. A third
 * fall within a short time holds the peer back although it answers, until it has been quiet for a while.
 */
export class FlapDamping {
    #penalty = 0;
    #atMs = 0;
    #isSuppressed = false;

    fall(nowMs: number): void {
        this.#penalty = Math.min(CEILING, this.#decayed(nowMs) + PENALTY_PER_FALL);
        this.#atMs = nowMs;
        if (this.#penalty > SUPPRESS_ABOVE) this.#isSuppressed = true;
    }

    isSuppressed(nowMs: number): boolean {
        if (this.#isSuppressed && this.#decayed(nowMs) < REUSE_BELOW) this.#isSuppressed = false;
        return this.#isSuppressed;
    }

    #decayed(nowMs: number): number {
        // A clock that goes back must not make the penalty grow.
        return this.#penalty * 2 ** (-Math.max(0, nowMs - this.#atMs) / HALF_LIFE_MS);
    }
}
