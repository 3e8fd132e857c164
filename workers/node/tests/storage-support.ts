import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { StorageOptions } from '../src/cache/storage/disk-folder.js';
import type { StoredMeta, StoredObject } from '../src/cache/storage/object-storage.js';
import { openStorage } from '../src/cache/storage/open-storage.js';
import { tempDir } from './support.js';

export const KIB = 1024;

export function objectOf(key: string, body: Buffer | string, meta: StoredMeta = {}): StoredObject {
    return { key, meta, body: Buffer.from(body) };
}

/** What makes two objects the same; comparing bodies byte by byte takes a test seconds. */
export function identityOf(object: StoredObject | null | undefined): object | null {
    if (object === null || object === undefined) return null;
    const { key, meta, body } = object;
    return { key, meta, bytes: body.length, sha256: createHash('sha256').update(body).digest('hex') };
}

/** An opened storage; errors it reports are collected. */
export async function storageIn(folder: string | null, limits: Partial<Omit<StorageOptions, 'folder'>> = {}) {
    const errors: unknown[] = [];
    const options = {
        folder: folder ?? (await tempDir()),
        memoryBytes: 1024 * KIB,
        diskBytes: 4096 * KIB,
        onError: (error: unknown) => errors.push(error),
        ...limits,
    };
    const storage = await openStorage(options);
    const found: { key: string; meta: StoredMeta }[] = [];
    for await (const known of storage.open()) found.push(known);
    return { storage, found, errors, folder: options.folder };
}

/** Files of objects, with their lengths. */
export async function filesIn(folder: string): Promise<{ path: string; bytes: number }[]> {
    const names = await readdir(join(folder, 'objects'), { recursive: true, withFileTypes: true });
    const paths = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    return Promise.all(paths.map(async (path) => ({ path, bytes: (await stat(path)).size })));
}
