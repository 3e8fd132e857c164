import { closeSync, openSync, readFileSync, renameSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { StateError } from './errors.js';

const LOCK_FILE = 'cluster.lock';
const ATTEMPTS = 5;
/** A process that was killed a moment ago may not be gone yet: a supervisor starts the next one at once. */
const GRACE_MS = 1_000;
const GRACE_STEP_MS = 50;

interface LockOwner {
    readonly pid: number;
    /** Start time of the process in clock ticks since boot, where the system tells it: process ids are used again. */
    readonly startedAt: string | null;
}

/** State and start time out of proc(5) stat; fields are counted behind the command name, which may hold spaces. */
function readProcess(pid: number): { readonly state: string; readonly startedAt: string | null } | undefined {
    try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        return { state: fields[0] ?? '', startedAt: fields[19] ?? null };
    } catch {
        return undefined;
    }
}

function isAlive(owner: LockOwner): boolean {
    try {
        process.kill(owner.pid, 0);
    } catch (error) {
        // EPERM: there is such a process, of another user.
        return (error as NodeJS.ErrnoException).code === 'EPERM';
    }
    const found = readProcess(owner.pid);
    // A killed process stays listed as a zombie until its parent asks for its exit code.
    if (found?.state === 'Z' || found?.state === 'X') return false;
    return owner.startedAt === null || found === undefined || found.startedAt === owner.startedAt;
}

function endsWithinGrace(owner: LockOwner): boolean {
    const deadline = performance.now() + GRACE_MS;
    while (isAlive(owner)) {
        if (performance.now() > deadline || owner.pid === process.pid) return false;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, GRACE_STEP_MS);
    }
    return true;
}

function readOwner(path: string): LockOwner | undefined {
    try {
        const parsed: unknown = JSON.parse(readFileSync(path, 'utf8'));
        if (typeof parsed !== 'object' || parsed === null || !('pid' in parsed)) return undefined;
        const pid = Number(parsed.pid);
        const startedAt = 'startedAt' in parsed && typeof parsed.startedAt === 'string' ? parsed.startedAt : null;
        return Number.isSafeInteger(pid) && pid > 0 ? { pid, startedAt } : undefined;
    } catch {
        return undefined;
    }
}

function tryCreate(path: string): boolean {
    try {
        const file = openSync(path, 'wx', 0o600);
        writeSync(file, JSON.stringify({ pid: process.pid, startedAt: readProcess(process.pid)?.startedAt ?? null }));
        closeSync(file);
        return true;
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
        throw error;
    }
}

/** Puts a dead owner's lock aside. Renaming is atomic: of two starters only one can have moved it. */
function takeAside(path: string): void {
    const aside = `${path}.stale.${process.pid}`;
    try {
        renameSync(path, aside);
        unlinkSync(aside);
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
}

export interface StateLock {
    /** Process id of the dead owner this lock was taken over from, if any. */
    readonly takenOverFrom: number | undefined;
    release(): void;
}

/** Makes this process the only one on a state folder. Throws StateError naming the process that is already. */
export function acquireLock(directory: string): StateLock {
    const path = join(directory, LOCK_FILE);
    let takenOverFrom: number | undefined;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        if (tryCreate(path)) {
            return { takenOverFrom, release: () => unlinkSync(path) };
        }
        const owner = readOwner(path);
        if (owner !== undefined && !endsWithinGrace(owner)) {
            throw new StateError(
                `${directory} is in use by the cluster with process id ${owner.pid}; stop it, or choose another folder with --state`,
            );
        }
        takenOverFrom = owner?.pid ?? 0;
        takeAside(path);
    }
    throw new StateError(`the lock ${path} cannot be taken; another process keeps taking it`);
}
