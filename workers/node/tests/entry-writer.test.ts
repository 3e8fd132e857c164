import { join } from 'node:path';
import { type Journal, openJournal } from '@ocm/runtime';
import { describe, expect, it } from 'vitest';
import { decodeEntries, type JournalEntry } from '../src/log/entries.js';
import { EntryWriter } from '../src/log/entry-writer.js';
import { WalCipher } from '../src/log/wal-cipher.js';
import { sha256, tempDir } from './support.js';

const key = new Uint8Array(32).fill(3);
const request = (endedAtMs: number, uri = 'http://origin.example/1'): JournalEntry => ({
    type: 'request',
    session: null,
    endedAtMs,
    takenMs: 0,
    method: 'GET',
    uri,
    protocol: 'HTTP/1.1',
    status: 200,
    totalBytes: 1,
    entityBytes: 1,
    isCached: true,
});
const proof: JournalEntry = { type: 'proof', session: sha256('session'), timestampMs: 1 };

async function openWriter(): Promise<{
    writer: EntryWriter;
    journal: Journal;
    groups: () => Promise<JournalEntry[][]>;
}> {
    const path = join(await tempDir(), 'journal.wal');
    const journal = await openJournal({ path });
    return {
        writer: new EntryWriter(journal, new WalCipher(key)),
        journal,
        groups: async () => {
            const again = await openJournal({ path });
            await again.close();
            const cipher = new WalCipher(key);
            return again.entries.map((payload) => decodeEntries(cipher.open(payload)));
        },
    };
}
const numbersOf = (groups: JournalEntry[][]) =>
    groups.map((group) => group.map((entry) => (entry.type === 'request' ? entry.endedAtMs : entry.type)));

describe('the writer of entries', () => {
    it('makes one write of the records of a moment, within 50 ms and not before others had time to join', async () => {
        const { writer, groups } = await openWriter();
        const startedAt = performance.now();
        const first = writer.append(request(1));
        await new Promise((resolve) => setTimeout(resolve, 5));
        await Promise.all([first, writer.append(request(2)), writer.append(request(3))]);
        const takenMs = performance.now() - startedAt;
        await writer.close();
        expect(numbersOf(await groups())).toEqual([[1, 2, 3]]);
        // The fsync of a busy disk is no part of what the writer decides.
        expect(takenMs).toBeGreaterThan(15);
        expect(takenMs).toBeLessThan(1_000);
    });

    it('does not let wait who is waited for, and takes along what came before, in its order', async () => {
        const { writer, groups } = await openWriter();
        const settled: string[] = [];
        const append = (entry: JournalEntry, name: string) => writer.append(entry).then(() => settled.push(name));
        await Promise.all([append(request(1), 'request'), append(proof, 'proof')]);
        expect(settled).toEqual(['request', 'proof']);
        await append(proof, 'again');
        await writer.close();
        expect(numbersOf(await groups())).toEqual([[1, 'proof'], ['proof']]);
    });

    it('splits what is more than 256 KiB, at once, and loses nothing at the close', async () => {
        const { writer, groups } = await openWriter();
        const long = `http://origin.example/${'x'.repeat(60_000)}`;
        const written = Array.from({ length: 12 }, (_, index) => writer.append(request(index, long)));
        await writer.close();
        await Promise.all(written);
        const numbers = numbersOf(await groups());
        expect(numbers.flat()).toEqual(Array.from({ length: 12 }, (_, index) => index));
        expect(numbers.map(({ length }) => length)).toEqual([4, 4, 4]);
    });

    it('tells everybody of the group that it was not written', async () => {
        const { writer, journal } = await openWriter();
        await journal.close();
        const results = await Promise.allSettled([writer.append(request(1)), writer.append(proof)]);
        expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    });
});
