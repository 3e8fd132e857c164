import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoredMeta, StoredObject } from './object-storage.js';
import { type Head, readHead, readObject, rewriteHead, writeObject } from './sealed-object.js';
import type { StorageKeys } from './storage-keys.js';

const SHARD_FORM = /^[0-9a-f]{2}$/;
const NAME_FORM = /^[0-9a-f]{40}$/;

/**
 * Files of objects in 256 folders. Nothing is synced: after a power failure a file may be torn or gone, which its tags
 * show. A rename makes each new file whole or absent for readers and after a crash of the process.
 */
export class ObjectFiles {
    readonly #folder: string;
    readonly #keys: StorageKeys;
    readonly #shards = new Set<string>();

    constructor(folder: string, keys: StorageKeys) {
        this.#folder = folder;
        this.#keys = keys;
    }

    /** @returns bytes of the file */
    async write(name: string, object: StoredObject, tag: string): Promise<number> {
        const shard = this.#shardOf(name);
        if (!this.#shards.has(shard)) await mkdir(shard, { recursive: true, mode: 0o700 });
        this.#shards.add(shard);
        const temporary = `${this.#pathOf(name)}.${randomBytes(6).toString('hex')}.tmp`;
        try {
            const bytes = await withFile(temporary, 'wx', (file) =>
                writeObject(file, this.#keys, { object, name, tag }),
            );
            await rename(temporary, this.#pathOf(name));
            return bytes;
        } catch (error) {
            await rm(temporary, { force: true });
            // Somebody may have emptied the folder under us.
            this.#shards.delete(shard);
            throw error;
        }
    }

    /** @throws DamagedFile */
    read(name: string): Promise<StoredObject> {
        return withFile(this.#pathOf(name), 'r', (file) => readObject(file, this.#keys, name));
    }

    /** @throws DamagedFile */
    head(name: string): Promise<Head & { tag: string; fileBytes: number }> {
        return withFile(this.#pathOf(name), 'r', (file) => readHead(file, this.#keys, name));
    }

    /** @throws DamagedFile */
    describe(name: string, meta: StoredMeta): Promise<number> {
        return withFile(this.#pathOf(name), 'r+', (file) => rewriteHead(file, this.#keys, { name, meta }));
    }

    remove(name: string): Promise<void> {
        return rm(this.#pathOf(name), { recursive: true, force: true });
    }

    /** Names of objects; whatever else lies there is removed and told to `onForeign`. */
    async *names(onForeign: () => void): AsyncGenerator<string> {
        await mkdir(this.#folder, { recursive: true, mode: 0o700 });
        for (const shard of await readdir(this.#folder)) {
            const names = SHARD_FORM.test(shard) ? await readdir(join(this.#folder, shard)).catch(() => null) : null;
            if (names === null) await this.#removeForeign(join(this.#folder, shard), onForeign);
            for (const name of names ?? []) {
                if (NAME_FORM.test(name) && name.startsWith(shard)) yield name;
                else await this.#removeForeign(join(this.#folder, shard, name), onForeign);
            }
        }
    }

    async #removeForeign(path: string, onForeign: () => void): Promise<void> {
        // A temporary file is a write that a kill cut off, no damage.
        if (!path.endsWith('.tmp')) onForeign();
        await rm(path, { recursive: true, force: true });
    }

    #shardOf(name: string): string {
        return join(this.#folder, name.slice(0, 2));
    }

    #pathOf(name: string): string {
        return join(this.#shardOf(name), name);
    }
}

async function withFile<T>(path: string, flags: string, use: (file: FileHandle) => Promise<T>): Promise<T> {
    const file = await open(path, flags, 0o600);
    try {
        return await use(file);
    } finally {
        await file.close();
    }
}
