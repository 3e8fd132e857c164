import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCodeOf, shredFile, writeFileAtomic } from '@ocm/runtime';

const KEY_BYTES = 32;
export const GROUP_TAG_BYTES = 16;
/** Of an object that belongs to no group. */
export const NO_GROUP = '0'.repeat(2 * GROUP_TAG_BYTES);
/** RFC 5869 2.3: the number of the block that is expanded. */
const FIRST_BLOCK = Buffer.of(1);
const SECRET_FORM = /^[0-9a-f]{32}\.key$/;
/** Secrets held in memory; more groups are read again when needed. */
const MAX_HELD_SECRETS = 4_096;

export interface FileKeys {
    body: Buffer;
    head: Buffer;
}

/**
 * Keys at rest: one secret of the node and one for each group of objects (a contract, a collection), all made here, all in
 * files of mode 0600 beside the objects. The keys of an object's file are HKDF-SHA-512 (RFC 5869) of both secrets, the file's
 * name and its header, which has a salt, so erasing a group's secret erases its objects, copies included, and a file does
 * not open under another name or with another header. Both secrets are extracted once for a group, and the two keys of a
 * file are the one block that is expanded for it: what a file costs is one HMAC.
 */
export class StorageKeys {
    readonly #folder: string;
    readonly #node: Buffer;
    readonly #nameKey: Buffer;
    /** Of each group what its files' keys are expanded of, for NO_GROUP too. */
    readonly #groups = new Map<string, Buffer>();
    readonly #reading = new Map<string, Promise<Buffer | null>>();
    /** Groups are few and objects many: all of a group share one text in memory. */
    readonly #tags = new Map<string, string>();

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
        const known = this.#tags.get(group);
        if (known !== undefined) return known;
        const digest = createHmac('sha256', this.#nameKey).update('group\0').update(group).digest('hex');
        const tag = digest.slice(0, 2 * GROUP_TAG_BYTES);
        if (this.#tags.size >= MAX_HELD_SECRETS) this.#tags.clear();
        this.#tags.set(group, tag);
        return tag;
    }

    /** Null if the group's secret was erased. @param header bytes that are readable in the file, a salt among them */
    async fileKeys(name: string, header: Uint8Array, tag: string, makesGroup: boolean): Promise<FileKeys | null> {
        const extracted = this.#groups.get(tag) ?? (await this.#extractedOf(tag, makesGroup));
        if (extracted === null) return null;
        const both = createHmac('sha512', extracted).update(`OCM/cache/file/v2/${name}/`).update(header);
        const keys = both.update(FIRST_BLOCK).digest();
        return { body: keys.subarray(0, KEY_BYTES), head: keys.subarray(KEY_BYTES) };
    }

    derive(salt: Uint8Array, purpose: string, bytes: number): Buffer {
        return Buffer.from(hkdfSync('sha256', this.#node, salt, purpose, bytes));
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

    async #extractedOf(tag: string, makes: boolean): Promise<Buffer | null> {
        const held = this.#reading.get(tag);
        if (held !== undefined) return held;
        // The first objects of a group come together: one of them makes the secret for all.
        const reading = this.#extract(tag, makes);
        if (makes) this.#reading.set(tag, reading);
        try {
            const extracted = await reading;
            if (this.#groups.size >= MAX_HELD_SECRETS) this.#groups.clear();
            if (extracted !== null) this.#groups.set(tag, extracted);
            return extracted;
        } finally {
            if (this.#reading.get(tag) === reading) this.#reading.delete(tag);
        }
    }

    async #extract(tag: string, makes: boolean): Promise<Buffer | null> {
        const path = this.#pathOf(tag);
        const secret =
            tag === NO_GROUP ? Buffer.alloc(0) : ((await readSecret(path)) ?? (makes ? await makeSecret(path) : null));
        if (secret === null) return null;
        const extracted = createHmac('sha512', 'OCM/cache/group/v2').update(this.#node).update(secret).digest();
        secret.fill(0);
        return extracted;
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
