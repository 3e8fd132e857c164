import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCodeOf, failure } from './errors.js';
import { removeTemporaryFiles } from './files.js';
import { naming } from './room.js';

const LOCK_FILE = 'in-use.lock';

/**
 * Takes a data folder for this process; two writers on one journal would destroy it. A lock that a killed process left
 * is recognised (pid gone, or reused: its start time differs) and replaced; files that it was writing are removed.
 * @returns a function that gives the folder back.
 * @throws MKT_RUNTIME__DATA_DIR_IN_USE, MKT_RUNTIME__NO_ROOM
 */
export async function lockDataDir(dataDir: string): Promise<() => void> {
    await mkdir(dataDir, { recursive: true });
    const path = join(dataDir, LOCK_FILE);
    const own = identityOf(process.pid);
    for (let attempt = 1; ; attempt += 1) {
        try {
            writeNew(path, own);
            await removeTemporaryFiles(dataDir);
            return () => rmSync(path, { force: true });
        } catch (error) {
            if (errorCodeOf(error) !== 'EEXIST') throw error;
        }
        const holder = readHolder(path);
        const pid = Number(holder.split(' ')[0]);
        if (attempt > 3 || (pid > 0 && isAlive(pid) && identityOf(pid) === holder))
            throw failure(
                'MKT_RUNTIME__DATA_DIR_IN_USE',
                `${dataDir} is in use by process ${pid}; stop it, or give this one another dataDir`,
                { dataDir, pid },
            );
        rmSync(path, { force: true });
    }
}

/** @throws EEXIST, MKT_RUNTIME__NO_ROOM */
function writeNew(path: string, text: string): void {
    const descriptor = openSync(path, 'wx', 0o600);
    try {
        writeSync(descriptor, text);
    } catch (error) {
        rmSync(path, { force: true });
        throw naming(path, error);
    } finally {
        closeSync(descriptor);
    }
}

/** `pid starttime`: field 22 of /proc/PID/stat tells a reused pid apart; without /proc the pid alone. */
function identityOf(pid: number): string {
    try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        const afterName = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        return `${pid} ${afterName[19] ?? ''}`;
    } catch {
        return `${pid} `;
    }
}

function readHolder(path: string): string {
    try {
        return readFileSync(path, 'utf8');
    } catch {
        return '';
    }
}

function isAlive(pid: number): boolean {
    try {
        process.kill(pid, 0);
        return true;
    } catch (error) {
        return errorCodeOf(error) === 'EPERM';
    }
}
