import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '@ocm/runtime';
import { address, u64String } from '@ocm/sdk/http';
import { z } from 'zod';
import { logFileFacts } from './log-file.js';
import { logRules } from './rules.js';

/** What remains of a sealed epoch when its raw log is gone. */
export const epochSummary = z.object({
    contract: address.nullable(),
    epoch: z.number().int().nonnegative(),
    closesAtMs: z.number().int(),
    sealedAtMs: z.number().int(),
    /** Unix milliseconds; null while key, journal and log files are there. */
    erasedAtMs: z.number().int().nullable(),
    rules: logRules,
    requests: z.number().int(),
    servedBytes: u64String,
    receiptedBytes: u64String,
    unreceiptedBytes: u64String,
    /** Its RFC 7937 files; none for traffic of no contract. */
    logFiles: z.array(logFileFacts),
});
export type EpochSummary = z.infer<typeof epochSummary>;

const summaryPath = (folder: string): string => join(folder, 'summary.json');

export async function readSummary(folder: string): Promise<EpochSummary | null> {
    try {
        return epochSummary.parse(JSON.parse(await readFile(summaryPath(folder), 'utf8')));
    } catch {
        // Written atomically and derived from the journal: if it is absent or unreadable, it is made again.
        return null;
    }
}

export const writeSummary = (folder: string, summary: EpochSummary): Promise<void> =>
    writeFileAtomic(summaryPath(folder), JSON.stringify(summary), 0o600);
