import { randomBytes } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { errorMessageOf, failure } from './errors.js';
import { writeFileAtomic } from './files.js';
import { encodeFileHeader, encodeRecord, FILE_HEADER_BYTES, MAX_PAYLOAD_BYTES } from './journal-format.js';
import { appendWhole, isFull } from './journal-room.js';

/** Upper bound of one group commit: more waits for the next fsync. */
const MAX_GROUP_BYTES = 256 * 1024;

type Work = { payload: Uint8Array } | { replacement: Uint8Array[] };
type Pending = { work: Work; resolve: () => void; reject: (error: unknown) => void };

/** The writing half of a journal: one queue, one fsync per group, nothing acknowledged before it. */
export class JournalWriter {
    readonly #path: string;
    #handle: FileHandle;
    #salt: Uint8Array;
    #offset: number;
    #group: number;
    #queue: Pending[] = [];
    #flushing: Promise<void> | null = null;
    #broken: unknown = null;
    #closed = false;

    constructor(path: string, handle: FileHandle, state: { salt: Uint8Array; offset: number; group: number }) {
        this.#path = path;
        this.#handle = handle;
        this.#salt = state.salt;
        this.#offset = state.offset;
        this.#group = state.group;
    }

    append(payload: Uint8Array): Promise<void> {
        if (payload.length <= MAX_PAYLOAD_BYTES) return this.#enqueue({ payload: new Uint8Array(payload) });
        const message = `an entry of ${payload.length} bytes is too large for the journal ${this.#path}, which takes ${MAX_PAYLOAD_BYTES}`;
        return Promise.reject(failure('MKT_RUNTIME__JOURNAL_PAYLOAD_TOO_LARGE', message));
    }

    compact(payloads: Iterable<Uint8Array>): Promise<void> {
        return this.#enqueue({ replacement: [...payloads] });
    }

    async close(): Promise<void> {
        if (this.#closed) return;
        this.#closed = true;
        await this.#flushing;
        await this.#handle.close();
    }

    #enqueue(work: Work): Promise<void> {
        if (this.#closed || this.#broken !== null) return Promise.reject(this.#refusal());
        const done = new Promise<void>((resolve, reject) => {
            this.#queue.push({ work, resolve, reject });
        });
        this.#flushing ??= this.#flushAll();
        return done;
    }

    async #flushAll(): Promise<void> {
        // One turn of the event loop gathers what is asked for in the same moment.
        await new Promise(setImmediate);
        while (this.#queue.length > 0) await this.#flushGroup(this.#takeGroup());
        this.#flushing = null;
    }

    /** Appends up to the size of a group, or one compaction alone: their order keeps a compaction from losing appends. */
    #takeGroup(): Pending[] {
        let bytes = 0;
        let count = 0;
        for (const { work } of this.#queue) {
            if ('replacement' in work) break;
            if (count > 0 && bytes + work.payload.length > MAX_GROUP_BYTES) break;
            bytes += work.payload.length;
            count += 1;
        }
        return this.#queue.splice(0, Math.max(1, count));
    }

    async #flushGroup(pending: Pending[]): Promise<void> {
        try {
            if (this.#broken !== null) throw this.#broken;
            const [first] = pending;
            if (first !== undefined && 'replacement' in first.work) await this.#replace(first.work.replacement);
            else await this.#write(pending.flatMap(({ work }) => ('payload' in work ? [work.payload] : [])));
            for (const { resolve } of pending) resolve();
        } catch (error) {
            if (isFull(error)) {
                for (const { reject } of pending) reject(error);
                return;
            }
            // After a failed fsync the kernel may have dropped the pages: nothing more may be acknowledged on this file.
            this.#broken = error;
            for (const { reject } of pending) reject(this.#refusal());
        }
    }

    async #write(payloads: Uint8Array[]): Promise<void> {
        const group = this.#group + 1;
        const records: Buffer[] = [];
        let offset = this.#offset;
        for (const payload of payloads) {
            const record = encodeRecord(this.#salt, offset, group, payload);
            records.push(record);
            offset += record.length;
        }
        await appendWhole(this.#path, this.#handle, Buffer.concat(records), this.#offset);
        await this.#handle.datasync();
        this.#offset = offset;
        this.#group = group;
    }

    async #replace(payloads: Uint8Array[]): Promise<void> {
        const salt = Uint8Array.from(randomBytes(8));
        const parts: Buffer[] = [encodeFileHeader(salt)];
        let offset = FILE_HEADER_BYTES;
        for (const [index, payload] of payloads.entries()) {
            // A group of its own for each: all of them are acknowledged, so damage among them must be told as damage.
            const record = encodeRecord(salt, offset, index + 1, payload);
            parts.push(record);
            offset += record.length;
        }
        await writeFileAtomic(this.#path, Buffer.concat(parts), 0o600);
        const old = this.#handle;
        this.#handle = await open(this.#path, 'a+', 0o600);
        this.#salt = salt;
        this.#offset = offset;
        this.#group = payloads.length;
        await old.close();
    }

    #refusal(): Error {
        if (this.#broken === null) return failure('MKT_RUNTIME__JOURNAL_CLOSED', `journal ${this.#path} is closed`);
        return failure(
            'MKT_RUNTIME__JOURNAL_WRITE_FAILED',
            `journal ${this.#path} cannot be written (${errorMessageOf(this.#broken)}); free space or repair the disk, then restart`,
            {},
            this.#broken,
        );
    }
}
