/** Distinct paths counted one by one; only files that exist get here, so this bounds memory, not usefulness. */
const MAX_PATHS = 10_000;

export type OriginStatus = {
    startedAtMs: number;
    /** Answers with a file or a part of one (200, 206, 304). */
    totalRequests: number;
    /** Answers ≥ 400. */
    refusedRequests: number;
    /** Body bytes announced in those answers. */
    sentBytes: number;
    /** Requests per path, without query. Paths beyond the first 10 000 are only in `totalRequests`. */
    requests: Record<string, number>;
};

/** Counts what the origin was asked for: how tests see that caches in front fetched an object once. */
export class RequestCounts {
    readonly #requests = new Map<string, number>();
    readonly #startedAtMs: number;
    #totalRequests = 0;
    #refusedRequests = 0;
    #sentBytes = 0;

    constructor(startedAtMs: number) {
        this.#startedAtMs = startedAtMs;
    }

    record({ path, statusCode, bodyBytes }: { path: string; statusCode: number; bodyBytes: number }): void {
        if (statusCode >= 400) {
            this.#refusedRequests += 1;
            return;
        }
        this.#totalRequests += 1;
        this.#sentBytes += bodyBytes;
        const count = this.#requests.get(path);
        if (count !== undefined || this.#requests.size < MAX_PATHS) this.#requests.set(path, (count ?? 0) + 1);
    }

    toStatus(): OriginStatus {
        return {
            startedAtMs: this.#startedAtMs,
            totalRequests: this.#totalRequests,
            refusedRequests: this.#refusedRequests,
            sentBytes: this.#sentBytes,
            requests: Object.fromEntries([...this.#requests].sort(([a], [b]) => (a < b ? -1 : 1))),
        };
    }
}
