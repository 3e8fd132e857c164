import type { NodeLog, ProtocolClock, ProtocolClockState } from '../ports.js';
import { loadOffset, saveOffset } from './stored-offset.js';

/** Readings that are weighed against each other: one that is wrong decides nothing. */
const READINGS = 5;
/** Two readings in a row that agree with each other to this and with nothing before say that the cluster's clock has jumped. */
const AGREEMENT_MS = 2_000;
/** Further apart one of the two clocks is broken, and following it would seal epochs that have not ended. */
export const MAX_OFFSET_MS = 600_000;
/** What is stored may be this wrong: the disk is not written to for each reading. */
const STORED_WITHIN_MS = 1_000;
const MS_PER_SEC = 1_000;

export interface ClusterClockOptions {
    dataDir: string;
    log: NodeLog;
    /** Unix milliseconds of this machine. */
    now?: () => number;
    /** Milliseconds that only ever grow. */
    monotonicMs?: () => number;
}
/** Reads `unix_timestamp` of the cluster's Clock. */
export type ReadClusterSecs = () => Promise<number>;

/**
 * The cluster's time on this machine: local monotonic time plus the middle of the last differences that were read. What
 * programs will compare a token with is the cluster's clock, which an overloaded cluster lets fall behind (decision 0085).
 */
export class ClusterClock implements ProtocolClock {
    readonly #options: Required<ClusterClockOptions>;
    /** Local Unix milliseconds when `monotonicMs` was 0: a clock that somebody sets does not move this. */
    readonly #baseMs: number;
    /** Newest last: cluster minus local monotonic time. */
    #readings: number[];
    #offsetMs: number;
    #readAtMs: number | null = null;
    #isTrusted = true;
    #storedMs: number | null;

    private constructor(options: Required<ClusterClockOptions>, stored: number | null) {
        this.#options = options;
        this.#baseMs = options.now() - options.monotonicMs();
        this.#storedMs = stored;
        this.#offsetMs = stored ?? 0;
        this.#readings = stored === null ? [] : [stored];
    }

    /** Begins with the difference of an earlier life, so that a restart without RPC judges as before. */
    static async open(options: ClusterClockOptions): Promise<ClusterClock> {
        const full = { now: Date.now, monotonicMs: () => performance.now(), ...options };
        return new ClusterClock(full, await loadOffset(options.dataDir, MAX_OFFSET_MS, options.log));
    }

    nowMs(): number {
        return Math.floor(this.#localMs() + this.#offsetMs);
    }

    state(): ProtocolClockState {
        return {
            offsetMs: this.nowMs() - this.#options.now(),
            readAtMs: this.#readAtMs,
            isTrusted: this.#isTrusted,
        };
    }

    /** Takes one reading of the cluster's clock. @throws what `read` throws; the difference stays as it was */
    async observe(read: ReadClusterSecs): Promise<void> {
        const begunMs = this.#localMs();
        const clusterSecs = await read();
        const middleMs = (begunMs + this.#localMs()) / 2;
        // Whole seconds, rounded down: to take their end makes a node early rather than late, so that it knows an epoch
        // as soon as its first token.
        const clusterMs = (clusterSecs + 1) * MS_PER_SEC;
        this.#readAtMs = this.#options.now();
        if (!this.#judge(clusterMs - this.#options.now())) return;
        this.#weigh(clusterMs - middleMs);
        await this.#store();
    }

    #localMs(): number {
        return this.#baseMs + this.#options.monotonicMs();
    }

    /** Told once each time that it changes. */
    #judge(differenceMs: number): boolean {
        const isTrusted = Math.abs(differenceMs) <= MAX_OFFSET_MS;
        if (isTrusted !== this.#isTrusted) {
            const fields = { differenceMs: Math.round(differenceMs), limitMs: MAX_OFFSET_MS };
            if (isTrusted) this.#options.log.info(fields, "cluster's clock is near this machine's again");
            else
                this.#options.log.error(
                    fields,
                    "cluster's clock is too far from this machine's to be followed; set the clock or check rpcUrl",
                );
        }
        this.#isTrusted = isTrusted;
        return isTrusted;
    }

    #weigh(reading: number): void {
        const last = this.#readings.at(-1);
        const hasJumped =
            last !== undefined &&
            this.#readings.length > 1 &&
            Math.abs(reading - last) <= AGREEMENT_MS &&
            Math.abs(reading - this.#offsetMs) > AGREEMENT_MS &&
            Math.abs(last - this.#offsetMs) > AGREEMENT_MS;
        this.#readings = hasJumped ? [last, reading] : [...this.#readings, reading].slice(-READINGS);
        this.#offsetMs = middleOf(this.#readings, this.#offsetMs);
    }

    async #store(): Promise<void> {
        const { offsetMs } = this.state();
        if (this.#storedMs !== null && Math.abs(offsetMs - this.#storedMs) <= STORED_WITHIN_MS) return;
        this.#storedMs = offsetMs;
        const { dataDir, log } = this.#options;
        await saveOffset(dataDir, offsetMs).catch((error: unknown) =>
            log.warn({ err: error }, "difference to the cluster's clock not stored"),
        );
    }
}

/** The median; of two in the middle the one nearer to what is in force, which one wrong reading must not move. */
function middleOf(readings: readonly number[], inForce: number): number {
    const sorted = [...readings].sort((a, b) => a - b);
    const high = sorted[Math.floor(sorted.length / 2)] ?? inForce;
    if (sorted.length % 2 === 1) return high;
    const low = sorted[sorted.length / 2 - 1] ?? inForce;
    return Math.abs(low - inForce) < Math.abs(high - inForce) ? low : high;
}
