import { join } from 'node:path';
import { failure, openJournal } from '@ocm/runtime';
import { decodeEntries, type JournalEntry } from './entries.js';
import { readEpochKey } from './epoch-key.js';
import { WalCipher } from './wal-cipher.js';

export const journalPath = (folder: string): string => join(folder, 'journal.wal');

/** All entries of a sealed epoch, from disk. */
export async function readEntries(folder: string): Promise<JournalEntry[]> {
    const journal = await openJournal({ path: journalPath(folder) });
    await journal.close();
    const cipher = await cipherOf(folder);
    const entries = journal.entries.flatMap((payload) => decodeEntries(cipher.open(payload)));
    const end = entries.findIndex(({ type }) => type === 'close');
    return end < 0 ? entries : entries.slice(0, end);
}

/** @throws MKT_NODE__JOURNAL_UNREADABLE once the key was erased */
export async function cipherOf(folder: string): Promise<WalCipher> {
    const key = await readEpochKey(folder);
    if (key === null) throw unreadable(folder, 'cannot be read without its epoch.key');
    return new WalCipher(key);
}

export const unreadable = (folder: string, what: string): Error =>
    failure(
        'MKT_NODE__JOURNAL_UNREADABLE',
        `${journalPath(folder)} ${what}; restore the folder from a backup, or move it away and lose what it held`,
    );
