export interface DetentionRules {
    /** Failures in a row that send a parent away. */
    afterFailures: number;
    firstMs: number;
    /** Longest time away; each further failure doubles it up to here. */
    maxMs: number;
}

/**
 * Whether one parent may be asked. After some failures in a row it is left alone for a while, longer each time, and let back by one
 * trial request; a success ends it all.
 */
export class Detention {
    readonly #rules: DetentionRules;
    readonly #now: () => number;
    readonly #random: () => number;
    readonly #onChange: (isDetained: boolean, awayMs: number) => void;
    #failures = 0;
    #times = 0;
    #untilMs = 0;
    #onTrial = false;

    constructor(
        rules: DetentionRules,
        now: () => number,
        onChange: (isDetained: boolean, awayMs: number) => void = () => undefined,
        random: () => number = Math.random,
    ) {
        this.#rules = rules;
        this.#now = now;
        this.#random = random;
        this.#onChange = onChange;
    }

    get isDetained(): boolean {
        return this.#onTrial || this.#now() < this.#untilMs;
    }

    /** Local milliseconds; 0 if it is not away. */
    get untilMs(): number {
        return this.#now() < this.#untilMs ? this.#untilMs : 0;
    }

    /** To be called with every request that is sent: the first one after a detention is a trial, alone. */
    begin(): void {
        if (this.#times > 0) this.#onTrial = true;
    }

    succeed(): void {
        this.#failures = 0;
        if (this.#times > 0) this.#onChange(false, 0);
        this.#times = 0;
        this.#untilMs = 0;
        this.#onTrial = false;
    }

    /** What was cut off by us says nothing of the parent. */
    release(): void {
        this.#onTrial = false;
    }

    /** @param retryAfterMs what the parent asked for itself (Retry-After), bounded like the rest */
    fail(retryAfterMs = 0): void {
        this.#failures += 1;
        const wasOnTrial = this.#onTrial;
        this.#onTrial = false;
        if (!wasOnTrial && retryAfterMs === 0 && this.#failures < this.#rules.afterFailures) return;
        const { firstMs, maxMs } = this.#rules;
        const backoffMs = Math.min(maxMs, firstMs * 2 ** Math.min(this.#times, 30));
        // Half of it at random: nodes that lost the same parent must not come back to it together.
        const awayMs = Math.max(backoffMs / 2 + (backoffMs / 2) * this.#random(), Math.min(maxMs, retryAfterMs));
        this.#times += 1;
        this.#untilMs = this.#now() + awayMs;
        this.#onChange(true, awayMs);
    }
}
