import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCodeOf, writeFileAtomic } from '@ocm/runtime';
import { z } from 'zod';
import { nonceOf, seal, unseal } from './sealed-bytes.js';
import type { StorageKeys } from './storage-keys.js';

const MAGIC = Buffer.from('OCMG\x01\0\0\0', 'latin1');
const SALT_BYTES = 16;
const groupNames = z.array(z.string().max(1_024));

/**
 * Names of the groups that have a secret: a secret's file tells nothing of its group, and whoever is to erase it must know
 * that it is there, also when none of its objects is left but on a copy of the disk. `OCMG 1 | salt [16] | AES-256-GCM of a
 * JSON list`. A name is written before its secret is made and taken out after that was erased; a secret without a name
 * could never be erased for its group's sake, so the start does it.
 */
export class GroupLedger {
    readonly #path: string;
    readonly #keys: StorageKeys;
    readonly #names: Set<string>;
    /** Those of them that are on disk. */
    #written: ReadonlySet<string>;
    #writing: Promise<void> = Promise.resolve();
    /** A write that has not begun, and so will have all that is known by then. */
    #waiting: Promise<void> | null = null;

    private constructor(path: string, keys: StorageKeys, names: readonly string[]) {
        this.#path = path;
        this.#keys = keys;
        this.#names = new Set(names);
        this.#written = new Set(names);
    }

    static async open(folder: string, keys: StorageKeys): Promise<GroupLedger> {
        const path = join(folder, 'groups.ocmg');
        const names = await readNames(path, keys);
        const known = new Set(names.map((name) => keys.tagOf(name)));
        for (const tag of await keys.tags()) if (!known.has(tag)) await keys.eraseGroup(tag);
        return new GroupLedger(path, keys, names);
    }

    names(): IterableIterator<string> {
        return this.#names.values();
    }

    /** Resolves once the name is on disk. */
    async add(name: string): Promise<void> {
        if (this.#written.has(name)) return;
        this.#names.add(name);
        await this.#save();
    }

    async remove(name: string): Promise<void> {
        this.#names.delete(name);
        await this.#save();
    }

    /** One after the other, whatever became of the one before. */
    #save(): Promise<void> {
        const write = async (): Promise<void> => {
            this.#waiting = null;
            const names = [...this.#names];
            const salt = randomBytes(SALT_BYTES);
            const sealed = seal(keyOf(this.#keys, salt), nonceOf(0), Buffer.from(JSON.stringify(names)));
            await writeFileAtomic(this.#path, Buffer.concat([MAGIC, salt, ...sealed]), 0o600);
            this.#written = new Set(names);
        };
        this.#waiting ??= this.#writing.then(write, write);
        this.#writing = this.#waiting;
        return this.#waiting;
    }
}

const keyOf = (keys: StorageKeys, salt: Uint8Array): Buffer => keys.derive(salt, 'OCM/cache/groups/v1', 32);

/** None if there is no ledger that can be read: then no secret is known, and the cache begins empty. */
async function readNames(path: string, keys: StorageKeys): Promise<string[]> {
    const bytes = await readFile(path).catch((error: unknown) => {
        if (errorCodeOf(error) === 'ENOENT') return null;
        throw error;
    });
    if (bytes === null || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) return [];
    const start = MAGIC.length + SALT_BYTES;
    try {
        const plain = unseal(keyOf(keys, bytes.subarray(MAGIC.length, start)), nonceOf(0), bytes.subarray(start));
        return groupNames.parse(JSON.parse(plain.toString('utf8')));
    } catch {
        return [];
    }
}
