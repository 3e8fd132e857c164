import { join } from 'node:path';
import { failure, readJournal } from '@ocm/runtime';
import { decodeEntries, type JournalEntry } from './entries.js';
import { readEpochKey } from './epoch-key.js';
import { WalCipher } from './wal-cipher.js';

export const journalPath = (folder: string): string => join(folder, 'journal.wal');

/** The entries of a sealed epoch, from disk, group by group: no more of it is in memory at any time. */
export async function* readEntries(folder: string): AsyncGenerator<JournalEntry[]> {
    const cipher = await cipherOf(folder);
    for await (const payload of readJournal(journalPath(folder))) {
        const entries = decodeEntries(cipher.open(payload));
        const end = entries.findIndex(({ type }) => type === 'close');
        yield end < 0 ? entries : entries.slice(0, end);
        if (end >= 0) return;
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
