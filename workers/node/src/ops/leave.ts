import { sleep } from '@ocm/runtime';
import type { Listeners } from './listeners.js';
import type { DrainConfig } from './tls-config.js';

/** A router that asked within this time is taken to be watching. */
const WATCHED_WITHIN_MS = 10_000;
const LOOK_MS = 20;

/** The way out: the router learns of it and sends nobody any more, then what is under way ends. */
export async function leave(
    { announceMs, graceMs }: DrainConfig,
    { watch, listeners }: { watch: { readonly askedAtMs: number }; listeners: Listeners },
): Promise<void> {
    const startedAtMs = performance.now();
    if (startedAtMs - watch.askedAtMs < WATCHED_WITHIN_MS) {
        while (watch.askedAtMs < startedAtMs && performance.now() - startedAtMs < announceMs) await sleep(LOOK_MS);
    }
    await listeners.drain(graceMs);
}
