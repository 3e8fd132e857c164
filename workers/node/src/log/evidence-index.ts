import { type FileHandle, open, readFile } from 'node:fs/promises';
import { errorCodeOf } from '@ocm/runtime';
import { HASH_BYTES } from '@ocm/sdk/core';
import {
    damaged,
    decodePlace,
    decodeRow,
    type EvidenceHead,
    evidenceHead,
    headPath,
    PLACE_BYTES,
    placesPath,
    type RecordPlace,
    ROW_BYTES,
    type SessionRow,
    sessionsPath,
} from './evidence-format.js';

/** The evidence of an epoch as {@link buildEvidence} wrote it. Each call opens what it reads: an erasure waits for nobody. */
export class EvidenceIndex {
    readonly head: EvidenceHead;
    readonly #folder: string;

    private constructor(folder: string, head: EvidenceHead) {
        this.#folder = folder;
        this.head = head;
    }

    /** Null while there is none. */
    static async open(folder: string): Promise<EvidenceIndex | null> {
        try {
            return new EvidenceIndex(folder, evidenceHead.parse(JSON.parse(await readFile(headPath(folder), 'utf8'))));
        } catch {
            // Written whole and derived from the journal: if it is absent or unreadable, it is made again.
            return null;
        }
    }

    /** Up to `limit` sessions whose token hash is above `after`. @throws MKT_NODE__EVIDENCE_DAMAGED */
    page(after: string | null, limit: number): Promise<{ rows: SessionRow[]; isLast: boolean }> {
        return this.#read(sessionsPath, async (handle) => {
            const first = after === null ? 0 : await this.#firstAbove(handle, after);
            const count = Math.min(limit, this.head.sessions - first);
            const bytes = await readWhole(handle, first * ROW_BYTES, count * ROW_BYTES);
            const rows = Array.from({ length: count }, (_, index) => decodeRow(rowAt(bytes, index)));
            return { rows, isLast: first + count === this.head.sessions };
        });
    }

    async find(session: string): Promise<SessionRow | null> {
        return this.#read(sessionsPath, async (handle) => {
            // One below: the next is the first that is not below the session itself.
            const place = await this.#firstAbove(handle, session);
            if (place === 0) return null;
            const row = decodeRow(await readWhole(handle, (place - 1) * ROW_BYTES, ROW_BYTES));
            return row.key === session ? row : null;
        });
    }

    /** Where each record of the session lies, in their order. @throws MKT_NODE__EVIDENCE_DAMAGED */
    async placesOf({ firstPlace, recordCount }: SessionRow): Promise<{ at(index: number): RecordPlace }> {
        const bytes = await this.#read(placesPath, (handle) =>
            readWhole(handle, firstPlace * PLACE_BYTES, recordCount * PLACE_BYTES),
        );
        return { at: (index) => decodePlace(bytes, index) };
    }

    async #firstAbove(handle: FileHandle, session: string): Promise<number> {
        const wanted = Buffer.from(session, 'hex');
        let [low, high] = [0, this.head.sessions];
        while (low < high) {
            const middle = Math.floor((low + high) / 2);
            const key = await readWhole(handle, middle * ROW_BYTES, HASH_BYTES);
            if (Buffer.compare(key, wanted) <= 0) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    async #read<T>(pathOf: (folder: string) => string, use: (handle: FileHandle) => Promise<T>): Promise<T> {
        const handle = await open(pathOf(this.#folder), 'r').catch((error: unknown) => {
            throw errorCodeOf(error) === 'ENOENT' ? damaged() : error;
        });
        try {
            return await use(handle);
        } finally {
            await handle.close();
        }
    }
}

const rowAt = (bytes: Buffer, index: number): Buffer => bytes.subarray(index * ROW_BYTES, (index + 1) * ROW_BYTES);

async function readWhole(handle: FileHandle, offset: number, length: number): Promise<Buffer> {
    const bytes = Buffer.alloc(length);
    let filled = 0;
    while (filled < length) {
        const { bytesRead } = await handle.read(bytes, filled, length - filled, offset + filled);
        if (bytesRead === 0) throw damaged();
        filled += bytesRead;
    }
    return bytes;
}
