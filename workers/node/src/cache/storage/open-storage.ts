import { mkdir } from 'node:fs/promises';
import { DiskFolder, type StorageOptions } from './disk-folder.js';
import { GroupLedger } from './group-ledger.js';
import type { StoredObject } from './object-storage.js';
import { StorageKeys } from './storage-keys.js';
import { TieredStorage } from './tiered-storage.js';

/** Objects removed before others get a turn and the files of these are gone. */
const REMOVED_AT_ONCE = 500;

/** What a node stores. Call `open` once and read it to its end; what it has not come to yet is a miss. */
export class NodeStorage extends TieredStorage {
    readonly #disk: DiskFolder | null;
    readonly #groupOf: (object: Pick<StoredObject, 'key' | 'meta'>) => string | undefined;
    /** Groups that something was put in since the start; those of the disk are in its ledger. */
    readonly #used = new Set<string>();
    readonly #closed = new Set<string>();

    constructor(options: StorageOptions, disk: DiskFolder | null) {
        super({
            memoryBytes: options.memoryBytes,
            disk: disk?.tier ?? null,
            scan: () => (disk === null ? nothing() : disk.scan()),
            keep: async () => disk?.keepIndex(),
            onGone: (key) => options.onGone?.(key),
        });
        this.#disk = disk;
        this.#groupOf = options.groupOf ?? (() => undefined);
        if (disk !== null) disk.onEvict = (key) => this.evicted(key);
    }

    /** What is put into a closed group is not kept; nor is what it would have replaced. */
    override put(object: StoredObject): void {
        const group = this.#groupOf(object);
        if (group !== undefined && this.#closed.has(group)) {
            this.delete(object.key);
            return;
        }
        if (group !== undefined) this.#used.add(group);
        super.put(object);
    }

    /** Groups that may have objects or a secret. */
    groups(): Set<string> {
        return new Set([...this.#used, ...(this.#disk?.ledger.names() ?? [])]);
    }

    /** For as long as this process lives. */
    closeGroup(group: string): void {
        this.#closed.add(group);
    }

    /**
     * Removes what belongs to a group and the secret without which copies of its files cannot be read. May be run again
     * after a failure. @returns how many objects that were
     */
    async eraseGroup(group: string): Promise<number> {
        this.#used.delete(group);
        let removed = 0;
        for (const key of this.#keysOf(group)) {
            this.delete(key);
            removed += 1;
            if (removed % REMOVED_AT_ONCE === 0) await this.#removals();
        }
        await this.#removals();
        if (this.#disk === null) return removed;
        const { keys, ledger } = this.#disk;
        try {
            await keys.eraseGroup(keys.tagOf(group));
            await ledger.remove(group);
        } catch (error) {
            // Whoever asks for the groups must find it again, whatever the ledger says by now.
            this.#used.add(group);
            throw error;
        }
        return removed;
    }

    #keysOf(group: string): Set<string> {
        const held = [...this.held()].filter((object) => this.#groupOf(object) === group).map(({ key }) => key);
        // Those too whose description no longer names the group.
        const { tier, keys } = this.#disk ?? {};
        return new Set([...held, ...(keys === undefined ? [] : (tier?.keysOfGroup(keys.tagOf(group)) ?? []))]);
    }

    /** Resolves when what was removed so far is, with writes that were under way. */
    async #removals(): Promise<void> {
        await new Promise((resolve) => setImmediate(resolve));
        await this.#disk?.tier.current();
    }
}

async function* nothing(): AsyncGenerator<never> {}

export async function openStorage(options: StorageOptions): Promise<NodeStorage> {
    const { folder, diskBytes } = options;
    if (folder === null || diskBytes === 0) return new NodeStorage(options, null);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const keys = await StorageKeys.open(folder);
    return new NodeStorage(
        options,
        new DiskFolder(folder, options, { keys, ledger: await GroupLedger.open(folder, keys) }),
    );
}
