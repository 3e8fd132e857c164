import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '@ocm/runtime';
import { z } from 'zod';
import type { NodeLog } from '../ports.js';
import type { LocalTime } from './local-time.js';

/** What may be forgotten by a crash: small beside any cap, and seldom enough for a memory card. */
const SAVE_EVERY_BYTES = 16n * 1024n * 1024n;

const usageFile = z.object({ period: z.string().max(16), usedBytes: z.string().regex(/^[0-9]{1,20}$/) });

export interface DataCapOptions {
    dataDir: string;
    /** Bytes that may be fetched in one period; null for no cap. */
    capBytes: bigint | null;
    /** Day of the month on which the line's own count begins anew, 1 to 28. */
    resetDay: number;
    localTime: () => LocalTime;
    log: NodeLog;
}

/** Counts what this node fetches over its line in one month. The count is on disk: a restart does not begin a new month. */
export class DataCap {
    readonly #options: DataCapOptions;
    readonly #path: string;
    #period = '';
    #usedBytes = 0n;
    #savedBytes = 0n;
    #writing: Promise<void> | null = null;

    constructor(options: DataCapOptions) {
        this.#options = options;
        this.#path = join(options.dataDir, 'line-usage.json');
    }

    async open(): Promise<void> {
        try {
            const { period, usedBytes } = usageFile.parse(JSON.parse(await readFile(this.#path, 'utf8')));
            this.#period = period;
            this.#usedBytes = BigInt(usedBytes);
            this.#savedBytes = this.#usedBytes;
        } catch (error) {
            const isAbsent = error instanceof Error && 'code' in error && error.code === 'ENOENT';
            if (!isAbsent) this.#options.log.warn({ err: error }, 'count of the line unreadable, begun anew');
        }
    }

    get usedBytes(): bigint {
        this.#turnPeriod();
        return this.#usedBytes;
    }

    get isReached(): boolean {
        const { capBytes } = this.#options;
        return capBytes !== null && this.usedBytes >= capBytes;
    }

    add(bytes: number): void {
        this.#turnPeriod();
        this.#usedBytes += BigInt(bytes);
        if (this.#usedBytes - this.#savedBytes >= SAVE_EVERY_BYTES) void this.save();
    }

    /** Never rejects: a full disk must not stop the household's player. */
    save(): Promise<void> {
        this.#writing ??= this.#write().finally(() => {
            this.#writing = null;
        });
        return this.#writing;
    }

    async #write(): Promise<void> {
        const usedBytes = this.#usedBytes;
        try {
            await writeFileAtomic(
                this.#path,
                JSON.stringify({ period: this.#period, usedBytes: `${usedBytes}` }),
                0o600,
            );
            this.#savedBytes = usedBytes;
        } catch (error) {
            this.#options.log.warn({ err: error }, 'count of the line not written');
        }
    }

    /** Named by the month in which it began. A clock that goes back does not bring bytes back. */
    #turnPeriod(): void {
        const { resetDay, localTime } = this.#options;
        const { year, month, day } = localTime();
        const months = year * 12 + (month - 1) - (day < resetDay ? 1 : 0);
        const period = `${Math.floor(months / 12)}-${String((months % 12) + 1).padStart(2, '0')}`;
        if (period <= this.#period) return;
        if (this.#period !== '')
            this.#options.log.info({ period, usedBytes: `${this.#usedBytes}` }, 'new month of the line');
        this.#period = period;
        this.#usedBytes = 0n;
        this.#savedBytes = 0n;
    }
}
