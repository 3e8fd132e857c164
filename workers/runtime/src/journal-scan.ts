import { type FileHandle, open } from 'node:fs/promises';
import { failure } from './errors.js';
import {
    decodeFileHeader,
    decodeRecord,
    FILE_HEADER_BYTES,
    findRecordAfter,
    type JournalRecord,
    MAX_PAYLOAD_BYTES,
    RECORD_HEADER_BYTES,
} from './journal-format.js';

const MAX_RECORD_BYTES = RECORD_HEADER_BYTES + MAX_PAYLOAD_BYTES;
/** A torn write is one group, far less than this: whole records of later groups follow any damage within it. */
const MAX_TAIL_BYTES = 64 << 20;

/** A payload, and where in its file it begins. */
export type PlacedPayload = { offset: number; payload: Uint8Array };

/**
 * Payloads of a journal that nobody writes, oldest first, with never more than two records' room of the file in memory. A
 * torn tail is left out.
 * @throws MKT_RUNTIME__JOURNAL_CORRUPT naming file and offset, MKT_RUNTIME__JOURNAL_FOREIGN
 */
export async function* readJournal(path: string): AsyncGenerator<PlacedPayload> {
    const { handle, salt } = await openSalted(path);
    try {
        if (salt === null) return;
        let [offset, group] = [FILE_HEADER_BYTES, 0];
        for await (const record of scanRecords(handle, salt)) {
            yield { offset, payload: record.payload };
            ({ endOffset: offset, group } = record);
        }
        await refuseDamagedMiddle(handle, salt, { path, offset, group });
    } finally {
        await handle.close();
    }
}

/** The payloads that {@link readJournal} gave with these offsets. @throws MKT_RUNTIME__JOURNAL_CORRUPT, _JOURNAL_FOREIGN */
export async function* readJournalAt(path: string, offsets: Iterable<number>): AsyncGenerator<PlacedPayload> {
    const { handle, salt } = await openSalted(path);
    try {
        for (const offset of offsets) {
            const header = await readAt(handle, offset, RECORD_HEADER_BYTES);
            const length = header.length < RECORD_HEADER_BYTES ? 0 : header.readUInt32LE(8);
            const bytes = await readAt(handle, offset, RECORD_HEADER_BYTES + Math.min(length, MAX_PAYLOAD_BYTES));
            const record = salt && decodeRecord(bytes, salt, 0, offset);
            if (record === null)
                throw failure(
                    'MKT_RUNTIME__JOURNAL_CORRUPT',
                    `${path} has no whole record at byte ${offset}; restore it from a backup, or move it away and lose what it held`,
                    { path, offset },
                );
            yield { offset, payload: record.payload };
        }
    } finally {
        await handle.close();
    }
}

/** No salt where the creation itself was cut short: such a journal holds nothing yet. */
async function openSalted(path: string): Promise<{ handle: FileHandle; salt: Buffer | null }> {
    const handle = await open(path, 'r');
    try {
        const header = await readAt(handle, 0, FILE_HEADER_BYTES);
        const salt = decodeFileHeader(header);
        if (salt === null && header.length >= FILE_HEADER_BYTES) throw foreign(path);
        return { handle, salt };
    } catch (error) {
        await handle.close();
        throw error;
    }
}

/** Records from the start up to the first that is not whole and unharmed; `endOffset` is that in the file. */
export async function* scanRecords(handle: FileHandle, salt: Uint8Array): AsyncGenerator<JournalRecord> {
    const buffer = Buffer.allocUnsafe(2 * MAX_RECORD_BYTES);
    let base = FILE_HEADER_BYTES;
    let at = 0;
    let length = 0;
    for (;;) {
        const record = decodeRecord(buffer.subarray(0, length), salt, at, base);
        if (record !== null) {
            at = record.endOffset;
            yield { ...record, endOffset: base + at };
            continue;
        }
        if (length - at >= MAX_RECORD_BYTES) return;
        buffer.copyWithin(0, at, length);
        length -= at;
        base += at;
        at = 0;
        const bytesRead = await fill(handle, buffer.subarray(length), base + length);
        if (bytesRead === 0) return;
        length += bytesRead;
    }
}

/**
 * A group is written only after the fsync of the one before. So a hole followed by records of a group beyond the next one
 * had been acknowledged: damage. Followed by records of the same or the next group only: that unacknowledged group, whose
 * pages a power loss may persist in any order.
 */
export async function refuseDamagedMiddle(
    handle: FileHandle,
    salt: Uint8Array,
    { path, offset, group }: { path: string; offset: number; group: number },
): Promise<void> {
    const tail = await readAt(handle, offset, MAX_TAIL_BYTES);
    for (
        let next = findRecordAfter(tail, salt, 0, offset);
        next !== null;
        next = findRecordAfter(tail, salt, next.offset, offset)
    ) {
        if (next.group <= group + 1) continue;
        const nextOffset = offset + next.offset;
        throw failure(
            'MKT_RUNTIME__JOURNAL_CORRUPT',
            `${path} is damaged at byte ${offset} (whole records follow at byte ${nextOffset}); restore it from a backup, or move it away and lose what it held`,
            { path, offset, nextOffset },
        );
    }
}

export const foreign = (path: string): Error =>
    failure('MKT_RUNTIME__JOURNAL_FOREIGN', `${path} is not a journal of this software; move it away`, { path });

/** What the file holds from `offset`, at most `length` bytes. */
export async function readAt(handle: FileHandle, offset: number, length: number): Promise<Buffer> {
    const { size } = await handle.stat();
    const buffer = Buffer.allocUnsafe(Math.max(0, Math.min(length, size - offset)));
    return buffer.subarray(0, await fill(handle, buffer, offset));
}

/** Reads until the buffer is full or the file ends; gives how many bytes it read. */
async function fill(handle: FileHandle, buffer: Buffer, offset: number): Promise<number> {
    let filled = 0;
    while (filled < buffer.length) {
        const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, offset + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
    }
    return filled;
}
