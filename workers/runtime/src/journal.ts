import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncDirectory } from './files.js';
import { decodeFileHeader, encodeFileHeader, FILE_HEADER_BYTES } from './journal-format.js';
import { foreign, readAt, refuseDamagedMiddle, scanRecords } from './journal-scan.js';
import { JournalWriter } from './journal-writer.js';
import type { Logger } from './logger.js';
import { naming } from './room.js';

export type Journal = {
    /** What the file held at open, oldest first; none when it was replayed instead. */
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

export type JournalOptions = {
    path: string;
    log?: Logger;
    /** Takes what the file holds, oldest first, instead of having all of it in memory. */
    replay?: (payload: Uint8Array) => void;
};

/**
 * Opens or creates an append-only journal. A torn tail (the write that a crash cut short, never acknowledged) is cut off
 * and reported; damage before acknowledged records is an error, because going on would lose them silently.
 * @throws MKT_RUNTIME__JOURNAL_CORRUPT naming file and offset, MKT_RUNTIME__JOURNAL_FOREIGN, MKT_RUNTIME__NO_ROOM
 */
export async function openJournal(options: JournalOptions): Promise<Journal> {
    const { path } = options;
    await mkdir(dirname(path), { recursive: true });
    const handle = await open(path, 'a+', 0o600);
    try {
        const state = await recover(handle, options);
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

async function recover(handle: FileHandle, { path, log, replay }: JournalOptions): Promise<Recovered> {
    const { size } = await handle.stat();
    const salt = decodeFileHeader(await readAt(handle, 0, FILE_HEADER_BYTES));
    if (salt === null) {
        // Only the creation itself can be cut this short; anything longer is another program's file.
        if (size >= FILE_HEADER_BYTES) throw foreign(path);
        return create(handle, path, size);
    }
    const entries: Uint8Array[] = [];
    const take = replay ?? ((payload: Uint8Array) => entries.push(payload));
    let [offset, group] = [FILE_HEADER_BYTES, 0];
    for await (const record of scanRecords(handle, salt)) {
        take(record.payload);
        ({ endOffset: offset, group } = record);
    }
    const truncatedBytes = size - offset;
    if (truncatedBytes > 0) {
        await refuseDamagedMiddle(handle, salt, { path, offset, group });
        await handle.truncate(offset);
        await handle.sync();
        log?.warn({ path, offset, truncatedBytes }, 'journal had a torn tail, cut off');
    }
    return { salt: Uint8Array.from(salt), entries, offset, group, truncatedBytes };
}

async function create(handle: FileHandle, path: string, truncatedBytes: number): Promise<Recovered> {
    const salt = Uint8Array.from(randomBytes(8));
    await handle.truncate(0);
    try {
        await handle.appendFile(encodeFileHeader(salt));
    } catch (error) {
        throw naming(path, error);
    }
    await handle.sync();
    await syncDirectory(dirname(path));
    return { salt, entries: [], offset: FILE_HEADER_BYTES, group: 0, truncatedBytes };
}
