import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { syncDirectory } from '@ocm/runtime';
import type { DatabaseHome } from '../ports.js';
import { openLibsql } from './libsql.js';

const FILE = 'index.db';
const FRESH_FILE = 'index.rebuild.db';
const SIDE_FILES = ['', '-wal', '-shm'];

/** Database files in the data folder; the caller has locked it. `current` may be unreadable when a rebuild is asked for. */
export function openLibsqlHome(dataDir: string, { discardUnreadable }: { discardUnreadable: boolean }): DatabaseHome {
    const path = join(dataDir, FILE);
    const freshPath = join(dataDir, FRESH_FILE);
    const remove = (name: string) => {
        for (const suffix of SIDE_FILES) rmSync(`${name}${suffix}`, { force: true });
    };
    let current = openCurrent();
    let fresh: ReturnType<typeof openLibsql> | undefined;

    function openCurrent(): ReturnType<typeof openLibsql> {
        try {
            return openLibsql(path);
        } catch (error) {
            if (!discardUnreadable) throw error;
            remove(path);
            return openLibsql(path);
        }
    }

    return {
        current: () => current,
        openFresh: async () => {
            fresh?.closeNow();
            remove(freshPath);
            fresh = openLibsql(freshPath);
            return fresh;
        },
        adopt: async () => {
            if (fresh === undefined) throw new Error('there is no fresh database to adopt');
            // One turn of the event loop, so that no request meets a closed database. Closing folds a file's log into
            // it: what is renamed is whole, and what a kill leaves is the old file or the new one.
            fresh.closeNow();
            current.closeNow();
            renameSync(freshPath, path);
            current = openLibsql(path);
            fresh = undefined;
            await syncDirectory(dataDir);
        },
        close: async () => {
            fresh?.closeNow();
            current.closeNow();
        },
    };
}
