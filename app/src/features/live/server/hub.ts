import type { Snapshot } from '../snapshot';

/** `changed` is false when nothing but the clock moved: a sign of life is enough then. */
export type Listener = (snapshot: Snapshot, changed: boolean) => void;

/** More open pages than this would let one client exhaust sockets; further ones poll `/api/snapshot`. */
export const MAX_LISTENERS = 256;
/** Reading stops when nobody has looked for this long. */
const IDLE_AFTER_MS = 20_000;

export interface HubOptions {
    readonly read: () => Promise<Snapshot>;
    readonly intervalMs: number;
    readonly now?: () => number;
}

/** One reader for all open pages: reads at an interval while somebody looks, pushes a snapshot when it differs. */
export class SnapshotHub {
    readonly #options: HubOptions;
    readonly #listeners = new Set<Listener>();
    readonly #closers = new Set<() => void>();
    #latest: Snapshot | null = null;
    #fingerprint = '';
    #reading: Promise<Snapshot> | null = null;
    #timer: NodeJS.Timeout | null = null;
    #lookedAtMs = 0;

    constructor(options: HubOptions) {
        this.#options = options;
    }

    #now(): number {
        return (this.#options.now ?? Date.now)();
    }

    /** The newest snapshot; waits only when there is none or it is older than two intervals. */
    async current(): Promise<Snapshot> {
        this.#lookedAtMs = this.#now();
        this.#schedule();
        const latest = this.#latest;
        if (latest && this.#now() - latest.takenAtMs < 2 * this.#options.intervalMs) return latest;
        return this.#refresh();
    }

    /** @returns a function that unsubscribes, or `null` when too many listen already. `onClose` runs at shutdown. */
    subscribe(listener: Listener, onClose: () => void): (() => void) | null {
        if (this.#listeners.size >= MAX_LISTENERS) return null;
        this.#listeners.add(listener);
        this.#closers.add(onClose);
        this.#lookedAtMs = this.#now();
        this.#schedule();
        return () => {
            this.#listeners.delete(listener);
            this.#closers.delete(onClose);
        };
    }

    close(): void {
        if (this.#timer) clearTimeout(this.#timer);
        this.#timer = null;
        for (const close of [...this.#closers]) close();
        this.#listeners.clear();
        this.#closers.clear();
    }

    #schedule(): void {
        if (this.#timer) return;
        this.#timer = setTimeout(() => void this.#tick(), this.#options.intervalMs);
        this.#timer.unref();
    }

    async #tick(): Promise<void> {
        // A failed reading is not the end of reading; `read` reports outages inside the snapshot.
        await this.#refresh().catch(() => undefined);
        this.#timer = null;
        if (this.#listeners.size > 0 || this.#now() - this.#lookedAtMs < IDLE_AFTER_MS) this.#schedule();
    }

    #refresh(): Promise<Snapshot> {
        this.#reading ??= this.#options
            .read()
            .then((snapshot) => this.#publish(snapshot))
            .finally(() => {
                this.#reading = null;
            });
        return this.#reading;
    }

    #publish(snapshot: Snapshot): Snapshot {
        const cluster = { ...snapshot.cluster, slot: null, timeSecs: null };
        const fingerprint = JSON.stringify({ ...snapshot, takenAtMs: 0, cluster });
        const changed = fingerprint !== this.#fingerprint;
        this.#latest = snapshot;
        this.#fingerprint = fingerprint;
        for (const listener of [...this.#listeners]) listener(snapshot, changed);
        return snapshot;
    }
}
