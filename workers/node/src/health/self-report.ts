import type { Clock } from '../ports.js';
import { HEALTH_PURPOSE } from './probe.js';
import { type Identity, type SignedStatement, signText } from './statement.js';

/** Rates over less say more of the last object than of the load. */
const WINDOW_MS = 5_000;

export interface SelfReportOptions {
    node: string;
    identity: Identity | null;
    /** Where viewers reach this node by https. */
    publicUrl: string | null;
    now: Clock;
    /** Why no viewer should come now; null while they may. */
    pauseReason: () => string | null;
    totals: () => { servedBytes: bigint; openSessions: number };
}

/** What this node answers when it is asked how it is. */
export class SelfReport {
    readonly #options: SelfReportOptions;
    #since: { atMs: number; servedBytes: bigint } | null = null;
    #egressKilobitsPerSecond = 0;
    #askedAtMs = Number.NEGATIVE_INFINITY;

    constructor(options: SelfReportOptions) {
        this.#options = options;
    }

    /** @param nonce 32 hexadecimal digits of the asker's choice */
    answer(nonce: string): SignedStatement {
        this.#askedAtMs = performance.now();
        const { node, identity, publicUrl, now, pauseReason, totals } = this.#options;
        const { servedBytes, openSessions } = totals();
        const reason = pauseReason();
        const statement = {
            node,
            nonce,
            atMs: now(),
            acceptsViewers: reason === null,
            reason,
            openSessions,
            egressKilobitsPerSecond: this.#measure(servedBytes),
            publicUrl,
        };
        return signText(HEALTH_PURPOSE, JSON.stringify(statement), identity);
    }

    /** When somebody last asked, by `performance.now()`. */
    get askedAtMs(): number {
        return this.#askedAtMs;
    }

    #measure(servedBytes: bigint): number {
        const atMs = performance.now();
        const since = this.#since;
        if (since !== null && atMs - since.atMs < WINDOW_MS) return this.#egressKilobitsPerSecond;
        this.#since = { atMs, servedBytes };
        if (since === null) return 0;
        // Bits per millisecond are kilobits per second. Totals begin anew only with the process.
        const bits = Number(servedBytes - since.servedBytes) * 8;
        this.#egressKilobitsPerSecond = Math.max(0, Math.round(bits / (atMs - since.atMs)));
        return this.#egressKilobitsPerSecond;
    }
}
