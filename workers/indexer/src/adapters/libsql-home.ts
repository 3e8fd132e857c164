import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { errorCodeOf, writeFileAtomic } from '@ocm/runtime';
import type { Database, DatabaseHome } from '../ports.js';
import { openLibsql } from './libsql.js';

/** Names the database file that counts. */
const POINTER_FILE = 'current';
const DATABASE_FILE = /^index-([1-9][0-9]{0,8})\.db(-wal|-shm)?$/;
const nameOf = (number: number): string => `index-${number}.db`;

/**
 * Database files in the data folder, which the caller has locked. Each rebuild fills a further file, and one atomic
 * write of a name puts it in force: a database is several files, which no rename moves together.
 */
export function openLibsqlHome(dataDir: string, { discardUnreadable }: { discardUnreadable: boolean }): DatabaseHome {
    let number = readPointer(dataDir);
    removeAllBut(dataDir, number);
    let current = openCurrent();
    let fresh: Database | undefined;

    function openCurrent(): Database {
        const path = join(dataDir, nameOf(number));
        try {
            return openLibsql(path);
        } catch (error) {
            if (!discardUnreadable) throw error;
            removeAllBut(dataDir, undefined);
            return openLibsql(path);
        }
    }

    return {
        current: () => current,
        openFresh: async () => {
            await fresh?.close();
            removeAllBut(dataDir, number);
            fresh = openLibsql(join(dataDir, nameOf(number + 1)));
            return fresh;
        },
        adopt: async () => {
            if (fresh === undefined) throw new Error('there is no fresh database to adopt');
            await writeFileAtomic(join(dataDir, POINTER_FILE), nameOf(number + 1));
            number += 1;
            [current, fresh] = [fresh, undefined];
            // The old file is still open: requests that read from it end well, and its space is freed with its handle.
            removeAllBut(dataDir, number);
        },
        close: async () => {
            await fresh?.close();
            await current.close();
        },
    };
}

function readPointer(dataDir: string): number {
    try {
        const name = readFileSync(join(dataDir, POINTER_FILE), 'utf8').trim();
        return Number(DATABASE_FILE.exec(name)?.[1] ?? 1);
    } catch (error) {
        if (errorCodeOf(error) === 'ENOENT') return 1;
        throw error;
    }
}

/** What rebuilds left behind: those that were killed, and the files that they replaced. */
function removeAllBut(dataDir: string, number: number | undefined): void {
    for (const name of readdirSync(dataDir)) {
        const found = DATABASE_FILE.exec(name)?.[1];
        if (found !== undefined && Number(found) !== number) rmSync(join(dataDir, name), { force: true });
    }
}
