export interface RetryBudgetRules {
    /** Retries that each request sent for the first time earns. */
    ratio: number;
    /** Retries a second that a quiet node may make all the same. */
    perSecond: number;
}
/** What can be saved, in seconds of `perSecond`: a long quiet night must not pay for a storm of retries. */
const SAVED_SECONDS = 10;

/** Retries as a share of requests: when everything fails, retries must not multiply what is asked of those that still answer. */
export class RetryBudget {
    readonly #rules: RetryBudgetRules;
    readonly #now: () => number;
    #tokens: number;
    #refilledAtMs: number;

    constructor(rules: RetryBudgetRules, now: () => number) {
        this.#rules = rules;
        this.#now = now;
        this.#tokens = this.#most;
        this.#refilledAtMs = now();
    }

    /** A request that is sent for the first time. */
    earn(): void {
        this.#tokens = Math.min(this.#most, this.#tokens + this.#rules.ratio);
    }

    /** @returns false if there is none left */
    spend(): boolean {
        const nowMs = this.#now();
        const elapsedSecs = Math.max(0, nowMs - this.#refilledAtMs) / 1_000;
        this.#refilledAtMs = nowMs;
        this.#tokens = Math.min(this.#most, this.#tokens + elapsedSecs * this.#rules.perSecond);
        if (this.#tokens < 1) return false;
        this.#tokens -= 1;
        return true;
    }

    get #most(): number {
        return Math.max(1, SAVED_SECONDS * this.#rules.perSecond);
    }
}
