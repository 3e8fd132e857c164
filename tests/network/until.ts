const PATIENCE_MS = 30_000;
const PAUSE_MS = 100;

/**
 * Waits for what comes when it comes: a busy machine takes longer than any time that one could name.
 * @param get gives `undefined` for as long as it has not come
 * @param what says what was waited for, and how it stands
 */
export async function until<T>(get: () => T | undefined | Promise<T | undefined>, what: () => string): Promise<T> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
        const found = await get();
        if (found !== undefined) return found;
        if (Date.now() > deadline) throw new Error(`not within ${PATIENCE_MS / 1_000} s: ${what()}`);
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
}
