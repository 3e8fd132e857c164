import { join } from 'node:path';
import { failure, readJournal, readJournalAt } from '@ocm/runtime';
import { decodeEntries, type JournalEntry } from './entries.js';
import { readEpochKey } from './epoch-key.js';
import { WalCipher } from './wal-cipher.js';

export const journalPath = (folder: string): string => join(folder, 'journal.wal');

/** Entries that were written together, and where in the journal they are. */
export interface PlacedGroup {
    offset: number;
    entries: JournalEntry[];
}

/** The entries of a sealed epoch, from disk, group by group: no more of it is in memory at any time. */
export async function* readGroups(folder: string): AsyncGenerator<PlacedGroup> {
    const cipher = await cipherOf(folder);
    for await (const { offset, payload } of readJournal(journalPath(folder))) {
        const entries = decodeEntries(cipher.open(payload));
        const end = entries.findIndex(({ type }) => type === 'close');
        yield { offset, entries: end < 0 ? entries : entries.slice(0, end) };
        if (end >= 0) return;
    }
}

export async function* readEntries(folder: string): AsyncGenerator<JournalEntry[]> {
    for await (const { entries } of readGroups(folder)) yield entries;
}

/** The groups at these offsets, which ascend. */
export async function* readGroupsAt(folder: string, offsets: Iterable<number>): AsyncGenerator<PlacedGroup> {
    const cipher = await cipherOf(folder);
    for await (const { offset, payload } of readJournalAt(journalPath(folder), offsets)) {
        yield { offset, entries: decodeEntries(cipher.open(payload)) };
    }
}

/** @throws MKT_NODE__JOURNAL_UNREADABLE once the key was erased */
export async function cipherOf(folder: string): Promise<WalCipher> {
    const key = await readEpochKey(folder);
    if (key === null) throw withoutKey(folder);
    return new WalCipher(key);
}

export const withoutKey = (folder: string): Error => unreadable(folder, 'cannot be read without its epoch.key');
export const unreadable = (folder: string, what: string): Error =>
    failure(
        'MKT_NODE__JOURNAL_UNREADABLE',
        `${journalPath(folder)} ${what}; restore the folder from a backup, or move it away and lose what it held`,
    );
