import { join } from 'node:path';
import { type EntryGroups, numberRequests } from './epoch-facts.js';
import type { EpochJournal } from './epoch-journal.js';
import { readEpochKey } from './epoch-key.js';
import { readEntries } from './journal-file.js';
import { EpochLogs, type LogFileFacts, type LogFilePart, writeLogFile } from './log-file.js';
import { type EpochSummary, writeSummary } from './summary.js';
import type { EncryptionKeys } from './transforms.js';

export interface SealDeps {
    dataDir: string;
    /** Base58 address of this node. */
    node: string;
    keys: EncryptionKeys;
    now: () => number;
}

/** Ends an epoch: its journal takes no more, its log files and its summary are written. May be run again after a crash. */
export async function sealEpoch({ dataDir, node, keys, now }: SealDeps, journal: EpochJournal): Promise<EpochSummary> {
    await journal.seal();
    const { contract, epoch, closesAtMs, rules } = journal.meta;
    const epochKey = await readEpochKey(journal.folder);
    const logFiles: LogFileFacts[] = [];
    if (contract !== null && epochKey !== null) {
        const logs = new EpochLogs({ node, epochKey, keys, sealed: journal.facts(contract) });
        for await (const part of splitLogs(logs, readEntries(journal.folder))) {
            logFiles.push(await writeLogFile(join(dataDir, 'logs'), part));
        }
    }
    const summary: EpochSummary = {
        contract,
        epoch,
        closesAtMs,
        sealedAtMs: now(),
        erasedAtMs: null,
        rules,
        requests: journal.totals.requests,
        servedBytes: journal.totals.servedBytes.toString(),
        receiptedBytes: journal.receiptedBytes.toString(),
        unreceiptedBytes: journal.totals.unreceiptedBytes.toString(),
        logFiles,
    };
    await writeSummary(journal.folder, summary);
    return summary;
}

async function* splitLogs(logs: EpochLogs, groups: EntryGroups): AsyncGenerator<LogFilePart> {
    for await (const requests of numberRequests(groups)) {
        for (const request of requests) {
            const ended = logs.add(request);
            if (ended !== null) yield ended;
        }
    }
    const last = logs.finish();
    if (last !== null) yield last;
}
