import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCodeOf, shredFile, writeFileAtomic } from '@ocm/runtime';

const KEY_BYTES = 32;
export const GROUP_TAG_BYTES = 16;
/** Of an object that belongs to no group. */
export const NO_GROUP = '0'.repeat(2 * GROUP_TAG_BYTES);
const SECRET_FORM = /^[0-9a-f]{32}\.key$/;
/** Secrets held in memory; more groups are read again when needed. */
const MAX_HELD_SECRETS = 4_096;

export interface FileKeys {
    body: Buffer;
    head: Buffer;
}

/**
 * Keys at rest: one secret of the node and one for each group of objects (a contract, a collection), all made here, all in
 * files of mode 0600 beside the objects. The keys of an object's file are HKDF-SHA-256 (RFC 5869) of both secrets, a salt of
 * the file and its name, so erasing a group's secret erases its objects, copies included, and a file that was moved to
 * another name does not open.
 */
export class StorageKeys {
    readonly #folder: string;
    readonly #node: Buffer;
    readonly #nameKey: Buffer;
    readonly #groups = new Map<string, Buffer>();
    readonly #reading = new Map<string, Promise<Buffer | null>>();

    private constructor(folder: string, node: Buffer) {
        this.#folder = folder;
        this.#node = node;
        this.#nameKey = this.derive(Buffer.alloc(0), 'OCM/cache/name/v1', KEY_BYTES);
    }

    /** A secret that is lost or damaged is replaced: what it had encrypted is thrown away as unreadable. */
    static async open(folder: string): Promise<StorageKeys> {
        await mkdir(join(folder, 'groups'), { recursive: true, mode: 0o700 });
        const path = join(folder, 'node.key');
        return new StorageKeys(folder, (await readSecret(path)) ?? (await makeSecret(path)));
    }

    /** Tells nothing of the key: names of files outlive what they named in journals of the file system. */
    nameOf(key: string): string {
        return createHmac('sha256', this.#nameKey).update(key).digest('hex').slice(0, 40);
    }

    tagOf(group: string | undefined): string {
        if (group === undefined) return NO_GROUP;
        const digest = createHmac('sha256', this.#nameKey).update('group\0').update(group).digest('hex');
        return digest.slice(0, 2 * GROUP_TAG_BYTES);
    }

    /** Null if the group's secret was erased. */
    async fileKeys(name: string, salt: Uint8Array, tag: string, makesGroup: boolean): Promise<FileKeys | null> {
        const secret = tag === NO_GROUP ? Buffer.alloc(0) : await this.#groupSecret(tag, makesGroup);
        if (secret === null) return null;
        const both = this.derive(salt, `OCM/cache/file/v1/${name}`, 2 * KEY_BYTES, secret);
        return { body: both.subarray(0, KEY_BYTES), head: both.subarray(KEY_BYTES) };
    }

    derive(salt: Uint8Array, purpose: string, bytes: number, secret: Uint8Array = Buffer.alloc(0)): Buffer {
        return Buffer.from(hkdfSync('sha256', Buffer.concat([this.#node, secret]), salt, purpose, bytes));
    }

    async eraseGroup(tag: string): Promise<void> {
        this.#groups.get(tag)?.fill(0);
        this.#groups.delete(tag);
        await shredFile(this.#pathOf(tag));
    }

    /** Of groups whose secrets are here. */
    async tags(): Promise<string[]> {
        const names = await readdir(join(this.#folder, 'groups'));
        return names.filter((name) => SECRET_FORM.test(name)).map((name) => name.slice(0, 2 * GROUP_TAG_BYTES));
    }

    async #groupSecret(tag: string, makes: boolean): Promise<Buffer | null> {
        const held = this.#groups.get(tag) ?? this.#reading.get(tag);
        if (held !== undefined) return held;
        const path = this.#pathOf(tag);
        // The first objects of a group come together: one of them makes the secret for all.
        const reading = readSecret(path).then((read) => read ?? (makes ? makeSecret(path) : null));
        if (makes) this.#reading.set(tag, reading);
        try {
            const secret = await reading;
            if (this.#groups.size >= MAX_HELD_SECRETS) this.#groups.clear();
            if (secret !== null) this.#groups.set(tag, secret);
            return secret;
        } finally {
            if (this.#reading.get(tag) === reading) this.#reading.delete(tag);
        }
    }

    #pathOf(tag: string): string {
        return join(this.#folder, 'groups', `${tag}.key`);
    }
}

async function readSecret(path: string): Promise<Buffer | null> {
    try {
        const secret = await readFile(path);
        await chmod(path, 0o600);
        return secret.length === KEY_BYTES ? secret : null;
    } catch (error) {
        if (errorCodeOf(error) === 'ENOENT') return null;
        throw error;
    }
}

async function makeSecret(path: string): Promise<Buffer> {
    const secret = randomBytes(KEY_BYTES);
    await writeFileAtomic(path, secret, 0o600);
    return secret;
}
