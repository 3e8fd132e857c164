import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import type { CacheEntry } from './entry.js';
import { restorePolicy } from './policy.js';

const storedEntry = z.object({
    key: z.string().max(8192),
    primaryKey: z.string().max(4096),
    status: z.number().int(),
    headers: z.record(z.string(), z.string()),
    policy: z.object({ v: z.literal(1), t: z.number() }).loose(),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    bytes: z.number().int().nonnegative(),
});
type StoredEntry = z.infer<typeof storedEntry>;

const sha256Hex = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');

/**
 * Second tier: objects named by their SHA-256 under `objects/`, one small index file per cached response under `index/`.
 * Nothing is synced: a lost or torn file is a miss, because every read checks the digest.
 */
export class DiskStore {
    readonly #folder: string;
    readonly #entries: LRUCache<string, StoredEntry>;
    readonly #references = new Map<string, number>();
    readonly #pendingUnlinks = new Set<Promise<void>>();
    #temporaryFiles = 0;

    constructor(folder: string, maxBytes: number) {
        this.#folder = folder;
        this.#entries = new LRUCache({
            maxSize: Math.max(1, maxBytes),
            // Index files count too, so that a flood of empty objects stays bounded.
            sizeCalculation: ({ bytes }) => bytes + 1024,
            dispose: (entry, _key, reason) => this.#release(entry, reason !== 'set'),
        });
    }

    get count(): number {
        return this.#entries.size;
    }

    /** Reads the index; unreadable or foreign files are removed. Returns the primary key and `vary` of each response. */
    async open(): Promise<{ key: string; primaryKey: string; vary: string | undefined }[]> {
        await Promise.all(['index', 'objects'].map((name) => mkdir(join(this.#folder, name), { recursive: true })));
        const found: { entry: StoredEntry; storedAt: number }[] = [];
        for (const name of await readdir(join(this.#folder, 'index'))) {
            const path = join(this.#folder, 'index', name);
            try {
                const entry = storedEntry.parse(JSON.parse(await readFile(path, 'utf8')));
                if (name !== `${sha256Hex(entry.key)}.json`) throw new Error('misnamed');
                found.push({ entry, storedAt: entry.policy.t });
            } catch {
                await unlink(path).catch(() => undefined);
            }
        }
        found.sort((a, b) => a.storedAt - b.storedAt);
        for (const { entry } of found) this.#admit(entry);
        await this.#sweepObjects();
        return [...this.#entries.values()].map(({ key, primaryKey, headers }) => ({
            key,
            primaryKey,
            vary: headers.vary,
        }));
    }

    has(key: string): boolean {
        return this.#entries.has(key);
    }

    /** The entry with its body, or null if it is not there or its bytes are not those that were stored. */
    async read(key: string): Promise<CacheEntry | null> {
        const entry = this.#entries.get(key);
        if (entry === undefined) return null;
        try {
            const body = await readFile(this.#objectPath(entry.sha256));
            if (body.length !== entry.bytes || sha256Hex(body) !== entry.sha256) throw new Error('digest differs');
            const policy = restorePolicy(entry.policy as unknown as Parameters<typeof restorePolicy>[0]);
            return { key, status: entry.status, headers: entry.headers, policy, body, sha256: entry.sha256 };
        } catch {
            // The object is of no use to any key, so later reads must not trust the file either.
            await unlink(this.#objectPath(entry.sha256)).catch(() => undefined);
            if (this.#entries.peek(key) === entry) this.#entries.delete(key);
            return null;
        }
    }

    async write(entry: CacheEntry, primaryKey: string): Promise<void> {
        const stored: StoredEntry = {
            key: entry.key,
            primaryKey,
            status: entry.status,
            headers: entry.headers,
            policy: entry.policy.toObject() as unknown as StoredEntry['policy'],
            sha256: entry.sha256,
            bytes: entry.body.length,
        };
        await Promise.all(this.#pendingUnlinks);
        const path = this.#objectPath(entry.sha256);
        const known = await stat(path).catch(() => null);
        if (known?.size !== entry.body.length) await this.#replace(path, entry.body);
        await this.#replace(this.#indexPath(entry.key), JSON.stringify(stored));
        this.#admit(stored);
    }

    delete(key: string): void {
        this.#entries.delete(key);
    }

    /** Resolves once removals under way have reached the file system. */
    async settle(): Promise<void> {
        await Promise.all(this.#pendingUnlinks);
    }

    #admit(entry: StoredEntry): void {
        this.#references.set(entry.sha256, (this.#references.get(entry.sha256) ?? 0) + 1);
        this.#entries.set(entry.key, entry);
        // Larger than the whole tier: lru-cache drops it without a call of `dispose`.
        if (!this.#entries.has(entry.key)) this.#release(entry, true);
    }

    #release(entry: StoredEntry, dropsIndex: boolean): void {
        const left = (this.#references.get(entry.sha256) ?? 1) - 1;
        if (left > 0) this.#references.set(entry.sha256, left);
        else this.#references.delete(entry.sha256);
        const paths = left > 0 ? [] : [this.#objectPath(entry.sha256)];
        if (dropsIndex) paths.push(this.#indexPath(entry.key));
        const removal = Promise.all(paths.map((path) => unlink(path).catch(() => undefined))).then(() => {
            this.#pendingUnlinks.delete(removal);
        });
        this.#pendingUnlinks.add(removal);
    }

    async #replace(path: string, data: string | Buffer): Promise<void> {
        this.#temporaryFiles += 1;
        const temporary = `${path}.${process.pid}.${this.#temporaryFiles}.tmp`;
        await mkdir(dirname(path), { recursive: true });
        try {
            await writeFile(temporary, data, { mode: 0o600 });
            await rename(temporary, path);
        } catch (error) {
            await rm(temporary, { force: true });
            throw error;
        }
    }

    /** Objects without an index file are left by a kill between two writes; without this they would never be counted. */
    async #sweepObjects(): Promise<void> {
        for (const shard of await readdir(join(this.#folder, 'objects'))) {
            for (const name of await readdir(join(this.#folder, 'objects', shard)).catch(() => [])) {
                if (!this.#references.has(name)) await unlink(join(this.#folder, 'objects', shard, name));
            }
        }
    }

    #objectPath(sha256: string): string {
        return join(this.#folder, 'objects', sha256.slice(0, 2), sha256);
    }

    #indexPath(key: string): string {
        return join(this.#folder, 'index', `${sha256Hex(key)}.json`);
    }
}
