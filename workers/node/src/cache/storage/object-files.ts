import { randomBytes } from 'node:crypto';
import { close, closeSync, fstat, open, rename, unlink } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { errorCodeOf } from '@ocm/runtime';
import { READS_AT_ONCE } from './disk-options.js';
import { Scratch } from './scratch.js';
import {
    type FileFacts,
    type Head,
    readBody,
    readHead,
    rewriteHead,
    scratchBytesOf,
    type WrittenObject,
    writeObject,
} from './sealed-object.js';
import type { StorageKeys } from './storage-keys.js';

const SHARD_FORM = /^[0-9a-f]{2}$/;
const NAME_FORM = /^[0-9a-f]{40}$/;
// Without the handles of `fs/promises`, which cost three times what the system calls do.
const openFile = promisify(open);
const closeFile = promisify(close);
const statFile = promisify(fstat);
const renameFile = promisify(rename);
const unlinkFile = promisify(unlink);

/**
 * Files of objects in 256 folders. Nothing is synced: after a power failure a file may be torn or gone, which its tags
 * show. A rename makes each new file whole or absent for readers and after a crash of the process.
 */
export class ObjectFiles {
    readonly #folder: string;
    readonly #keys: StorageKeys;
    readonly #shards = new Set<string>();
    readonly #scratch = new Scratch(READS_AT_ONCE);
    /** With a count, a name that no temporary file has or had. */
    readonly #run = randomBytes(6).toString('hex');
    #written = 0;

    constructor(folder: string, keys: StorageKeys) {
        this.#folder = folder;
        this.#keys = keys;
    }

    async write(object: WrittenObject): Promise<FileFacts> {
        const { name } = object;
        const shard = this.#shardOf(name);
        if (!this.#shards.has(shard)) await mkdir(shard, { recursive: true, mode: 0o700 });
        this.#shards.add(shard);
        this.#written += 1;
        const temporary = `${this.#pathOf(name)}.${this.#run}${this.#written}.tmp`;
        try {
            const facts = await withFile(temporary, 'wx', (fd) => writeObject(fd, this.#keys, object));
            await renameFile(temporary, this.#pathOf(name));
            return facts;
        } catch (error) {
            await rm(temporary, { force: true });
            // Somebody may have emptied the folder under us.
            this.#shards.delete(shard);
            throw error;
        }
    }

    /** @throws DamagedFile */
    async read(name: string, facts: FileFacts): Promise<Buffer> {
        const scratch = this.#scratch.take(scratchBytesOf(facts));
        const fd = await openFile(this.#pathOf(name), 'r');
        try {
            return await readBody(fd, this.#keys, { name, facts, scratch });
        } finally {
            // Of a file that was only read there is nothing to wait for.
            closeSync(fd);
            this.#scratch.giveBack(scratch);
        }
    }

    /** @throws DamagedFile */
    head(name: string): Promise<Head & FileFacts> {
        return withFile(this.#pathOf(name), 'r', async (fd) => {
            const { size: bytes } = await statFile(fd);
            return readHead(fd, this.#keys, { name, bytes });
        });
    }

    /** @returns bytes of the file */
    describe(name: string, facts: FileFacts, head: { key: string; metaText: string }): Promise<number> {
        return withFile(this.#pathOf(name), 'r+', (fd) => rewriteHead(fd, this.#keys, { name, facts, ...head }));
    }

    async remove(name: string): Promise<void> {
        try {
            await unlinkFile(this.#pathOf(name));
        } catch (error) {
            // Somebody may have put a folder there.
            if (errorCodeOf(error) !== 'ENOENT') await rm(this.#pathOf(name), { recursive: true, force: true });
        }
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

async function withFile<T>(path: string, flags: string, use: (fd: number) => Promise<T>): Promise<T> {
    const fd = await openFile(path, flags, 0o600);
    try {
        return await use(fd);
    } finally {
        await closeFile(fd);
    }
}
