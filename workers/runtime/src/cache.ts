/** Keeps a loaded value for `ttlMs` per key; callers that come while it loads wait for the same load. Errors are not kept. */
export function createCache<T>(ttlMs: number, nowMs: () => number = Date.now) {
    const entries = new Map<string, { value: Promise<T>; expiresAtMs: number }>();
    return (key: string, load: () => Promise<T>): Promise<T> => {
        const cached = entries.get(key);
        if (cached !== undefined && cached.expiresAtMs > nowMs()) return cached.value;
        const value = load();
        const entry = { value, expiresAtMs: nowMs() + ttlMs };
        entries.set(key, entry);
        value.catch(() => {
            if (entries.get(key) === entry) entries.delete(key);
        });
        return value;
    };
}
