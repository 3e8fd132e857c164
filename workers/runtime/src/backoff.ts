const FIRST_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 30_000;

export type Backoff = {
    isDue(key: string): boolean;
    failed(key: string): void;
    forget(key: string): void;
};

/** Doubling pauses from 1 s to 30 s per key: verifying again costs both sides a whole manifest. */
export function createBackoff(nowMs: () => number = Date.now): Backoff {
    const pauses = new Map<string, { pauseMs: number; untilMs: number }>();
    return {
        isDue: (key) => (pauses.get(key)?.untilMs ?? 0) <= nowMs(),
        failed: (key) => {
            const pauseMs = Math.min(MAX_PAUSE_MS, (pauses.get(key)?.pauseMs ?? FIRST_PAUSE_MS / 2) * 2);
            pauses.set(key, { pauseMs, untilMs: nowMs() + pauseMs });
        },
        forget: (key) => void pauses.delete(key),
    };
}
