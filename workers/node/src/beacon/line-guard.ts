import type { Clock, NodeLog } from '../ports.js';
import { type BeaconConfig, capBytesOf } from './beacon-config.js';
import { DataCap } from './data-cap.js';
import { createLocalClock } from './local-time.js';
import { askMetered } from './metered.js';
import { isQuiet } from './quiet-hours.js';

const ASK_EVERY_MS = 30_000;
export type PauseReason = 'data-cap' | 'quiet-hours' | 'metered';

export interface LineGuardOptions {
    config: BeaconConfig;
    dataDir: string;
    now: Clock;
    log: NodeLog;
    /** Given by tests. */
    askMetered?: () => Promise<boolean | null>;
}

/** Says whether a node at home may use the line of the house now. */
export class LineGuard {
    readonly #options: LineGuardOptions;
    readonly #cap: DataCap;
    readonly #localTime: (unixMs: number) => ReturnType<ReturnType<typeof createLocalClock>>;
    #isMetered = false;
    #timer: NodeJS.Timeout | null = null;
    #told: PauseReason | null = null;

    constructor(options: LineGuardOptions) {
        const { config, dataDir, log } = options;
        this.#options = options;
        this.#localTime = createLocalClock(config.timeZone);
        this.#cap = new DataCap({
            dataDir,
            capBytes: capBytesOf(config),
            resetDay: config.capResetDay,
            localTime: () => this.#localTime(options.now()),
            log,
        });
    }

    async open(): Promise<void> {
        await this.#cap.open();
        await this.refresh();
        this.#timer = setInterval(() => void this.refresh().then(() => this.#cap.save()), ASK_EVERY_MS);
        this.#timer.unref();
    }

    /** Asks again whether the line is metered. */
    async refresh(): Promise<void> {
        const { metered } = this.#options.config;
        const ask = this.#options.askMetered ?? askMetered;
        this.#isMetered = metered === 'auto' ? ((await ask()) ?? false) : metered === 'yes';
        this.pauseReason();
    }

    /** Null while it may fetch. */
    pauseReason(): PauseReason | null {
        const reason = this.#judge();
        if (reason !== this.#told) {
            this.#options.log.info({ reason, usedBytes: `${this.usedBytes}` }, 'use of the line changed');
            this.#told = reason;
        }
        return reason;
    }

    count(bytes: number): void {
        this.#cap.add(bytes);
    }

    /** Fetched in this month. */
    get usedBytes(): bigint {
        return this.#cap.usedBytes;
    }

    async close(): Promise<void> {
        if (this.#timer !== null) clearInterval(this.#timer);
        await this.#cap.save();
    }

    #judge(): PauseReason | null {
        const { config, now } = this.#options;
        if (this.#cap.isReached) return 'data-cap';
        if (this.#isMetered && !config.fetchesWhenMetered) return 'metered';
        return isQuiet(config.quietHours, this.#localTime(now())) ? 'quiet-hours' : null;
    }
}
