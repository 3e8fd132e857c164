import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { shredFile, syncDirectory } from '@ocm/runtime';
import { keyPath } from './epoch-key.js';
import { removeEvidence } from './evidence-build.js';
import { journalPath } from './journal-file.js';
import { type EpochSummary, writeSummary } from './summary.js';

/** Longest that a raw log is kept (security.md 3.2, P3). */
export const MAX_RETENTION_SECS = 30 * 86_400;

export interface Retention {
    retentionSecs: number;
    /** By contract, where its terms are shorter. */
    contractRetentionSecs: Readonly<Record<string, number>>;
}

/** `min(contract, 30 d)` after the close of the epoch. */
export function isExpired({ contract, closesAtMs }: EpochSummary, rules: Retention, nowMs: number): boolean {
    const agreed = contract === null ? undefined : rules.contractRetentionSecs[contract];
    const secs = Math.min(agreed ?? rules.retentionSecs, rules.retentionSecs, MAX_RETENTION_SECS);
    return closesAtMs + secs * 1000 <= nowMs;
}

/**
 * Erases the raw log of a sealed epoch, its key first: without it the journal, its copies in backups and the commitments of
 * its records are noise. Totals, and whatever was proved to others, stay. May be run again after a crash.
 */
export async function eraseEpoch(
    { dataDir, folder, nowMs }: { dataDir: string; folder: string; nowMs: number },
    summary: EpochSummary,
): Promise<EpochSummary> {
    await shredFile(keyPath(folder));
    await rm(journalPath(folder), { force: true });
    await removeEvidence(folder);
    await syncDirectory(folder);
    const logs = join(dataDir, 'logs');
    for (const { name } of summary.logFiles) await rm(join(logs, name), { force: true });
    await syncDirectory(logs);
    const erased = { ...summary, erasedAtMs: nowMs };
    await writeSummary(folder, erased);
    return erased;
}
