import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { failure } from './errors.js';
import { syncDirectory } from './files.js';
import {
    decodeFileHeader,
    decodeRecord,
    encodeFileHeader,
    FILE_HEADER_BYTES,
    findRecordAfter,
} from './journal-format.js';
import { JournalWriter } from './journal-writer.js';
import type { Logger } from './logger.js';

export type Journal = {
    /** What the file held at open, oldest first. */
    readonly entries: Uint8Array[];
    /** Bytes of a torn last write that were cut off at open; 0 after a clean stop. */
    readonly truncatedBytes: number;
    /**
     * Resolves once the payload (≤ 1 MiB) is on disk. Appends that arrive during an fsync share the next one.
     * @throws MKT_RUNTIME__JOURNAL_PAYLOAD_TOO_LARGE, MKT_RUNTIME__JOURNAL_FULL, MKT_RUNTIME__JOURNAL_WRITE_FAILED, MKT_RUNTIME__JOURNAL_CLOSED
     */
    append(payload: Uint8Array): Promise<void>;
    /** Atomically replaces what was appended before this call, to drop what no longer matters; later appends follow it. */
    compact(payloads: Iterable<Uint8Array>): Promise<void>;
    close(): Promise<void>;
};

/**
 * Opens or creates an append-only journal. A torn tail (the write that a crash cut short, never acknowledged) is cut off
 * and reported; damage before acknowledged records is an error, because going on would lose them silently.
 * @throws MKT_RUNTIME__JOURNAL_CORRUPT naming file and offset, MKT_RUNTIME__JOURNAL_FOREIGN
 */
export async function openJournal({ path, log }: { path: string; log?: Logger }): Promise<Journal> {
    await mkdir(dirname(path), { recursive: true });
    const handle = await open(path, 'a+', 0o600);
    try {
        const state = await recover(handle, path, log);
        const writer = new JournalWriter(path, handle, state);
        return {
            entries: state.entries,
            truncatedBytes: state.truncatedBytes,
            append: (payload) => writer.append(payload),
            compact: (payloads) => writer.compact(payloads),
            close: () => writer.close(),
        };
    } catch (error) {
        await handle.close();
        throw error;
    }
}

type Recovered = { salt: Uint8Array; entries: Uint8Array[]; offset: number; group: number; truncatedBytes: number };

async function recover(handle: FileHandle, path: string, log: Logger | undefined): Promise<Recovered> {
    const file = await handle.readFile();
    const salt = decodeFileHeader(file);
    if (salt === null) {
        // Only the creation itself can be cut this short; anything longer is another program's file.
        if (file.length >= FILE_HEADER_BYTES)
            throw failure('MKT_RUNTIME__JOURNAL_FOREIGN', `${path} is not a journal of this software; move it away`, {
                path,
            });
        return create(handle, path, file.length);
    }
    const entries: Uint8Array[] = [];
    let offset = FILE_HEADER_BYTES;
    let group = 0;
    for (let record = decodeRecord(file, salt, offset); record !== null; record = decodeRecord(file, salt, offset)) {
        entries.push(record.payload);
        offset = record.endOffset;
        group = record.group;
    }
    const truncatedBytes = file.length - offset;
    if (truncatedBytes > 0) {
        refuseDamagedMiddle(file, salt, offset, group, path);
        await handle.truncate(offset);
        await handle.sync();
        log?.warn({ path, offset, truncatedBytes }, 'journal had a torn tail, cut off');
    }
    return { salt: Uint8Array.from(salt), entries, offset, group, truncatedBytes };
}

/**
 * A group is written only after the fsync of the one before. So a hole followed by records of a group beyond the next one
 * had been acknowledged: damage. Followed by records of the same or the next group only: that unacknowledged group, whose
 * pages a power loss may persist in any order.
 */
function refuseDamagedMiddle(file: Buffer, salt: Uint8Array, offset: number, group: number, path: string): void {
    for (
        let next = findRecordAfter(file, salt, offset);
        next !== null;
        next = findRecordAfter(file, salt, next.offset)
    ) {
        if (next.group <= group + 1) continue;
        throw failure(
            'MKT_RUNTIME__JOURNAL_CORRUPT',
            `${path} is damaged at byte ${offset} (whole records follow at byte ${next.offset}); restore it from a backup, or move it away and lose what it held`,
            { path, offset, nextOffset: next.offset },
        );
    }
}

async function create(handle: FileHandle, path: string, truncatedBytes: number): Promise<Recovered> {
    const salt = Uint8Array.from(randomBytes(8));
    await handle.truncate(0);
    await handle.appendFile(encodeFileHeader(salt));
    await handle.sync();
    await syncDirectory(dirname(path));
    return { salt, entries: [], offset: FILE_HEADER_BYTES, group: 0, truncatedBytes };
}
