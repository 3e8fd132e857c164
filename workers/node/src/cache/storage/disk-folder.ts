import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCodeOf } from '@ocm/runtime';
import { readIndex, writeIndex } from './disk-index.js';
import { isPassing } from './disk-options.js';
import { DiskTier } from './disk-tier.js';
import type { GroupLedger } from './group-ledger.js';
import { LedgeredFiles } from './ledgered-files.js';
import type { ObjectFiles } from './object-files.js';
import type { StoredMeta, StoredObject } from './object-storage.js';
import { DamagedFile } from './sealed-bytes.js';
import type { StorageKeys } from './storage-keys.js';

/** An index entry costs memory, so files are bounded in number as well. */
const DEFAULT_MAX_FILES = 262_144;

export interface StorageOptions {
    /** Of the disk tier; null: memory only. */
    folder: string | null;
    memoryBytes: number;
    /** 0: memory only. */
    diskBytes: number;
    maxFiles?: number;
    /** The contract or collection whose secret encrypts an object on disk; undefined: the node's secret alone. */
    groupOf?: (object: Pick<StoredObject, 'key' | 'meta'>) => string | undefined;
    /** An object has left both tiers without being asked to. */
    onGone?: (key: string) => void;
    onError: (error: unknown) => void;
    now?: () => number;
}

/** Secrets of a folder, and the names of the groups that they belong to. */
export interface FolderSecrets {
    keys: StorageKeys;
    ledger: GroupLedger;
}

/** The disk tier with its files, keys and compact index. */
export class DiskFolder {
    readonly tier: DiskTier;
    readonly keys: StorageKeys;
    readonly ledger: GroupLedger;
    onEvict: (key: string) => void = () => undefined;
    readonly #files: ObjectFiles;
    readonly #onError: (error: unknown) => void;
    readonly #indexPath: string;
    #hasIndex = true;
    #changes = 0;
    #removal: Promise<void> | null = null;

    constructor(folder: string, options: StorageOptions, { keys, ledger }: FolderSecrets) {
        const { diskBytes, maxFiles, groupOf = () => undefined, onError, now } = options;
        this.keys = keys;
        this.ledger = ledger;
        this.#onError = onError;
        this.#indexPath = join(folder, 'index.ocmi');
        this.#files = new LedgeredFiles(join(folder, 'objects'), keys, ledger);
        this.tier = new DiskTier({
            files: this.#files,
            keys,
            maxBytes: diskBytes,
            maxCount: maxFiles ?? DEFAULT_MAX_FILES,
            groupOf,
            onEvict: (key) => this.onEvict(key),
            onError,
            onChange: () => this.#dropIndex(),
            now: now ?? Date.now,
        });
    }

    /** From the index that an orderly stop left; files that it does not name are read, those that are none of ours removed. */
    async *scan(): AsyncGenerator<{ key: string; meta: StoredMeta }> {
        const names = new Set<string>();
        for await (const name of this.#files.names(() => this.#countDamaged())) names.add(name);
        for await (const file of readIndex(this.#indexPath, this.keys)) {
            if (!names.delete(this.keys.nameOf(file.key)) || !this.tier.adopt(file)) continue;
            yield { key: file.key, meta: JSON.parse(file.metaText) as StoredMeta };
        }
        for (const name of names) {
            this.#hasIndex = false;
            const found = await this.#adoptFile(name);
            if (found !== null) yield found;
        }
        this.tier.scanned();
    }

    /** A file that no index names. A damaged one is removed. */
    async #adoptFile(name: string): Promise<{ key: string; meta: StoredMeta } | null> {
        try {
            const { key, meta, ...facts } = await this.#files.head(name);
            if (this.keys.nameOf(key) !== name) throw new DamagedFile('a file of another name');
            const isKept = this.tier.adopt({ key, metaText: JSON.stringify(meta), ...facts });
            return isKept ? { key, meta } : null;
        } catch (error) {
            if (isPassing(error)) this.#onError(error);
            else if (errorCodeOf(error) !== 'ENOENT') {
                this.#countDamaged();
                await this.#files.remove(name);
            }
            return null;
        }
    }

    /** An index is there only while it is true: a start after a kill reads the files. */
    async keepIndex(): Promise<void> {
        if (this.#hasIndex) return;
        const changes = this.#changes;
        this.#hasIndex = true;
        try {
            await writeIndex(this.#indexPath, this.keys, this.tier.files());
        } catch (error) {
            this.#onError(error);
            this.#changes += 1;
        }
        if (this.#changes !== changes) await rm(this.#indexPath, { force: true });
    }

    #countDamaged(): void {
        this.tier.damaged += 1;
    }

    #dropIndex(): Promise<void> | null {
        this.#changes += 1;
        if (!this.#hasIndex) return this.#removal;
        this.#hasIndex = false;
        this.#removal = rm(this.#indexPath, { force: true }).finally(() => {
            this.#removal = null;
        });
        return this.#removal;
    }
}
