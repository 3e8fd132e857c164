import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCodeOf, isAbort, type Logger } from '@ocm/runtime';
import { MAX_LOG_FILE_LENGTH, parseLogFile } from '@ocm/sdk/core';
import type { CacheTally, LogSource } from './ports.js';

/** Of one epoch: a file per node of a contract, with room for retries under other names. */
const MAX_FILES_PER_EPOCH = 256;

/**
 * Bytes from cache and in all, from RFC 7937 files in `FOLDER/CONTRACT/EPOCH/*.log` (`s-cached`, `sc-entity-bytes`). The
 * same file under two names counts once, by its UUID. A file without a matching SHA-256 line is left out and counted.
 */
export function createLogSource({ folder, log }: { folder: string | undefined; log: Logger }): LogSource {
    return {
        async tally(contract, { from, to }, signal) {
            if (folder === undefined) return null;
            const tally: CacheTally = { cachedBytes: 0n, loggedBytes: 0n, files: 0, unreadable: 0 };
            const seen = new Set<string>();
            // Listed rather than asked for by number: a range may have thousands of epochs without a file.
            const epochs = (await list(join(folder, contract)))
                .filter((name) => /^(0|[1-9][0-9]{0,9})$/.test(name))
                .map(Number)
                .filter((epoch) => epoch >= from && epoch <= to)
                .sort((left, right) => left - right);
            for (const epoch of epochs) {
                const names = (await list(join(folder, contract, String(epoch)))).filter((n) => n.endsWith('.log'));
                for (const name of names.sort().slice(0, MAX_FILES_PER_EPOCH)) {
                    signal.throwIfAborted();
                    const path = join(folder, contract, String(epoch), name);
                    try {
                        await addFile(tally, seen, path);
                    } catch (error) {
                        if (isAbort(error, signal)) throw error;
                        tally.unreadable += 1;
                        log.warn({ path, code: errorCodeOf(error) }, 'log file left out of the report');
                    }
                }
            }
            return tally;
        },
    };
}

async function addFile(tally: CacheTally, seen: Set<string>, path: string): Promise<void> {
    if ((await stat(path)).size > MAX_LOG_FILE_LENGTH) throw new Error('the file is too large');
    const { directives, records } = parseLogFile(await readFile(path, 'utf8'), { requireHash: true });
    if (seen.has(directives.uuid)) return;
    let [cachedBytes, loggedBytes] = [0n, 0n];
    for (const record of records) {
        const bytes = BigInt(record['sc-entity-bytes'] ?? 0);
        loggedBytes += bytes;
        if (record['s-cached'] === '1') cachedBytes += bytes;
    }
    seen.add(directives.uuid);
    tally.files += 1;
    tally.cachedBytes += cachedBytes;
    tally.loggedBytes += loggedBytes;
}

async function list(folder: string): Promise<string[]> {
    try {
        return await readdir(folder);
    } catch (error) {
        if (errorCodeOf(error) === 'ENOENT' || errorCodeOf(error) === 'ENOTDIR') return [];
        throw error;
    }
}
