import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { errorCodeOf } from './errors.js';
import { naming } from './room.js';

/** As `writeFileAtomic` names them. */
const TEMPORARY = /\.\d+\.[0-9a-f]{12}\.tmp$/;
/** Paths that this process is writing now; a pid alone would not do, as a container gives every life the same. */
const writing = new Set<string>();

/** Makes a rename or a new name durable: without it a crash may bring back the old directory entry. */
export async function syncDirectory(path: string): Promise<void> {
    const handle = await open(path, 'r');
    try {
        await handle.sync();
    } finally {
        await handle.close();
    }
}

/**
 * Readers see the old file or the whole new one, whatever happens: temporary file, fsync, rename, fsync of the folder.
 * @throws MKT_RUNTIME__NO_ROOM
 */
export async function writeFileAtomic(path: string, data: Uint8Array | string, mode = 0o644): Promise<void> {
    const folder = dirname(path);
    await mkdir(folder, { recursive: true });
    const temporary = `${resolve(path)}.${process.pid}.${randomBytes(6).toString('hex')}.tmp`;
    writing.add(temporary);
    try {
        const handle = await open(temporary, 'wx', mode);
        try {
            await handle.writeFile(data);
            await handle.sync();
        } finally {
            await handle.close();
        }
        await rename(temporary, path);
    } catch (error) {
        await rm(temporary, { force: true });
        throw naming(path, error);
    } finally {
        writing.delete(temporary);
    }
    await syncDirectory(folder);
}

/**
 * Removes what processes that were killed in the middle of `writeFileAtomic` left in a folder and below it. Whoever calls
 * it holds the folder's lock, so that no other process is writing there.
 */
export async function removeTemporaryFiles(folder: string): Promise<void> {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
        const path = join(resolve(folder), entry.name);
        if (entry.isDirectory()) await removeTemporaryFiles(path);
        else if (TEMPORARY.test(entry.name) && !writing.has(path)) await rm(path, { force: true });
    }
}

/**
 * Removes a secret. It is overwritten before: a file system that writes in place then keeps no copy in a free block, and a
 * journal may bring back the name, not the content. No file is no error.
 */
export async function shredFile(path: string): Promise<void> {
    try {
        const handle = await open(path, 'r+');
        try {
            await handle.write(randomBytes((await handle.stat()).size), 0, null, 0);
            await handle.sync();
        } finally {
            await handle.close();
        }
    } catch (error) {
        if (errorCodeOf(error) !== 'ENOENT') throw error;
    }
    await rm(path, { force: true });
    await syncDirectory(dirname(path));
}
