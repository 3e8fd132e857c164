import { createHash } from 'node:crypto';
import { appendFile, mkdtemp, open, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openJournal } from '../src/journal.js';
import { encodeRecord, FILE_HEADER_BYTES, RECORD_HEADER_BYTES } from '../src/journal-format.js';
import { readJournal, readJournalAt } from '../src/journal-scan.js';

let folder: string;
let path: string;
beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ocm-journal-'));
    path = join(folder, 'a.journal');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const bytes = (text: string) => new TextEncoder().encode(text);
const texts = (entries: Uint8Array[]) => entries.map((entry) => new TextDecoder().decode(entry));

async function writeAll(payloads: Uint8Array[]): Promise<void> {
    const journal = await openJournal({ path });
    for (const payload of payloads) await journal.append(payload);
    await journal.close();
}

async function flipByte(offset: number): Promise<void> {
    const handle = await open(path, 'r+');
    const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, offset);
    await handle.write(Buffer.of((buffer[0] ?? 0) ^ 0xff), 0, 1, offset);
    await handle.close();
}

describe('journal', () => {
    it('replays what was appended, in order, also when appended at once', async () => {
        const journal = await openJournal({ path });
        await Promise.all(Array.from({ length: 500 }, (_, index) => journal.append(bytes(`entry ${index}`))));
        await journal.close();
        const again = await openJournal({ path });
        expect(texts(again.entries)).toEqual(Array.from({ length: 500 }, (_, index) => `entry ${index}`));
        expect(again.truncatedBytes).toBe(0);
        await again.close();
    });

    it('gives back a prefix of the entries for every length that a crash can leave, and takes new ones after it', async () => {
        await fc.assert(
            fc.asyncProperty(
                fc.array(fc.uint8Array({ maxLength: 200 }), { minLength: 1, maxLength: 8 }),
                fc.double({ min: 0, max: 1, noNaN: true }),
                async (payloads, fraction) => {
                    await rm(path, { force: true });
                    await writeAll(payloads);
                    const { length } = await readFile(path);
                    const cut = Math.floor(fraction * length);
                    await truncate(path, cut);
                    const torn = await openJournal({ path });
                    const whole = wholeRecords(payloads, cut);
                    expect(torn.entries).toEqual(payloads.slice(0, whole));
                    await torn.append(bytes('after the crash'));
                    await torn.close();
                    const again = await openJournal({ path });
                    expect(again.entries).toEqual([...payloads.slice(0, whole), bytes('after the crash')]);
                    expect(again.truncatedBytes).toBe(0);
                    await again.close();
                },
            ),
            { numRuns: 60 },
        );
    });

    it('reports how many bytes of a torn tail it cut off', async () => {
        await writeAll([bytes('one'), bytes('two')]);
        await appendFile(path, Buffer.from('OCMR torn'));
        const journal = await openJournal({ path });
        expect(journal.truncatedBytes).toBe(9);
        expect(texts(journal.entries)).toEqual(['one', 'two']);
        await journal.close();
    });

    it('cuts off a tail of zeros, which a power loss leaves', async () => {
        await writeAll([bytes('one')]);
        await appendFile(path, Buffer.alloc(4096));
        const journal = await openJournal({ path });
        expect(texts(journal.entries)).toEqual(['one']);
        await journal.close();
    });

    it('refuses damage before acknowledged entries, naming file and offset, and leaves the file as it is', async () => {
        await writeAll([bytes('one'), bytes('two'), bytes('three'), bytes('four')]);
        const secondAt = FILE_HEADER_BYTES + RECORD_HEADER_BYTES + 3;
        await flipByte(secondAt + RECORD_HEADER_BYTES);
        const before = await readFile(path);
        await expect(openJournal({ path })).rejects.toMatchObject({
            code: 'MKT_RUNTIME__JOURNAL_CORRUPT',
            message: expect.stringContaining(`${path} is damaged at byte ${secondAt}`),
        });
        expect(await readFile(path)).toEqual(before);
    });

    it('refuses a damaged length field in the middle as well', async () => {
        await writeAll([bytes('one'), bytes('two'), bytes('three')]);
        await flipByte(FILE_HEADER_BYTES + 9);
        await expect(openJournal({ path })).rejects.toMatchObject({ code: 'MKT_RUNTIME__JOURNAL_CORRUPT' });
    });

    it('does not take a payload that imitates a record for one', async () => {
        const forged = encodeRecord(new Uint8Array(8), FILE_HEADER_BYTES + 100, 9, bytes('forged'));
        await writeAll([bytes('one'), Uint8Array.from(forged)]);
        const { length } = await readFile(path);
        await flipByte(FILE_HEADER_BYTES + RECORD_HEADER_BYTES + 3 + 12);
        const journal = await openJournal({ path });
        expect(texts(journal.entries)).toEqual(['one']);
        expect(journal.truncatedBytes).toBe(length - FILE_HEADER_BYTES - RECORD_HEADER_BYTES - 3);
        await journal.close();
    });

    it("refuses another program's file instead of overwriting it", async () => {
        await writeFile(path, 'these are the only notes of somebody');
        await expect(openJournal({ path })).rejects.toMatchObject({ code: 'MKT_RUNTIME__JOURNAL_FOREIGN' });
    });

    it('compacts to the given entries and goes on', async () => {
        const journal = await openJournal({ path });
        await journal.append(bytes('old'));
        const compacted = journal.compact([bytes('kept')]);
        const appended = journal.append(bytes('meanwhile'));
        await Promise.all([compacted, appended]);
        await journal.close();
        const again = await openJournal({ path });
        expect(texts(again.entries)).toEqual(['kept', 'meanwhile']);
        await again.close();
    });

    it('refuses damage in a compacted file as well', async () => {
        const journal = await openJournal({ path });
        await journal.compact([bytes('one'), bytes('two'), bytes('three')]);
        await journal.close();
        await flipByte(FILE_HEADER_BYTES + RECORD_HEADER_BYTES);
        await expect(openJournal({ path })).rejects.toMatchObject({ code: 'MKT_RUNTIME__JOURNAL_CORRUPT' });
    });

    it('refuses an entry above 1 MiB and any entry after close', async () => {
        const journal = await openJournal({ path });
        await expect(journal.append(new Uint8Array((1 << 20) + 1))).rejects.toMatchObject({
            code: 'MKT_RUNTIME__JOURNAL_PAYLOAD_TOO_LARGE',
        });
        await journal.close();
        await expect(journal.append(bytes('late'))).rejects.toMatchObject({ code: 'MKT_RUNTIME__JOURNAL_CLOSED' });
    });
});

/** How many whole records lie within the first `length` bytes of the file. */
function wholeRecords(payloads: Uint8Array[], length: number): number {
    let offset = FILE_HEADER_BYTES;
    let count = 0;
    for (const payload of payloads) {
        offset += RECORD_HEADER_BYTES + payload.length;
        if (offset > length) break;
        count += 1;
    }
    return count;
}

describe('a journal that is larger than its reader', () => {
    const payloads = Array.from({ length: 400 }, (_, index) => new Uint8Array(20_000).fill(index));
    async function readAll(): Promise<Uint8Array[]> {
        const read: Uint8Array[] = [];
        for await (const { payload } of readJournal(path)) read.push(payload);
        return read;
    }

    /** Millions of bytes compared one by one would take the runner a minute on a busy machine. */
    const digests = (all: readonly Uint8Array[]) => all.map((each) => createHash('sha256').update(each).digest('hex'));

    it('is read, and replayed at opening, entry by entry in the same order', async () => {
        await writeAll([...payloads, new Uint8Array(1 << 20), bytes('last')]);
        const read = await readAll();
        expect(read.length).toBe(402);
        expect(digests(read.slice(0, 400))).toEqual(digests(payloads));
        expect(texts(read.slice(-1))).toEqual(['last']);
        const offsets: number[] = [];
        for await (const { offset } of readJournal(path)) offsets.push(offset);
        const some = offsets.filter((_, index) => index % 50 === 1 || index === 401);
        const again: Uint8Array[] = [];
        for await (const { payload } of readJournalAt(path, some)) again.push(payload);
        expect(digests(again)).toEqual(digests(read.filter((_, index) => index % 50 === 1 || index === 401)));
        for (const offset of [0, (some[1] ?? 0) + 1, 1 << 30])
            await expect(readJournalAt(path, [offset]).next()).rejects.toMatchObject({
                code: 'MKT_RUNTIME__JOURNAL_CORRUPT',
            });
        const replayed: Uint8Array[] = [];
        const journal = await openJournal({ path, replay: (payload) => void replayed.push(payload) });
        expect(digests(replayed)).toEqual(digests(read));
        expect(journal.entries).toEqual([]);
        await journal.append(bytes('after'));
        await journal.close();
        expect(texts((await readAll()).slice(-2))).toEqual(['last', 'after']);
    });

    it('is refused as soon as its reader comes to the damage', async () => {
        await writeAll(payloads);
        await flipByte(FILE_HEADER_BYTES + 200 * (RECORD_HEADER_BYTES + 20_000) + 100);
        await expect(readAll()).rejects.toMatchObject({ code: 'MKT_RUNTIME__JOURNAL_CORRUPT' });
        await expect(openJournal({ path })).rejects.toMatchObject({ code: 'MKT_RUNTIME__JOURNAL_CORRUPT' });
    });

    it('is read up to its torn tail, and left as it is', async () => {
        await writeAll(payloads);
        await appendFile(path, Buffer.from('OCMR torn'));
        const { length } = await readFile(path);
        expect((await readAll()).length).toBe(400);
        expect((await readFile(path)).length).toBe(length);
    });

    it('holds nothing where a crash or a full disk cut its creation short', async () => {
        await writeAll([bytes('one')]);
        for (let length = FILE_HEADER_BYTES - 1; length >= 0; length -= 1) {
            await truncate(path, length);
            expect(await readAll()).toEqual([]);
            await expect(readJournalAt(path, [FILE_HEADER_BYTES]).next()).rejects.toMatchObject({
                code: 'MKT_RUNTIME__JOURNAL_CORRUPT',
            });
        }
    });

    it('is not taken for one when it is something else', async () => {
        await writeFile(path, 'no journal at all, but long enough');
        await expect(readAll()).rejects.toMatchObject({ code: 'MKT_RUNTIME__JOURNAL_FOREIGN' });
    });
});
