import { mkdir } from 'node:fs/promises';
import { DiskFolder, type StorageOptions } from './disk-folder.js';
import { StorageKeys } from './storage-keys.js';
import { TieredStorage } from './tiered-storage.js';

/** What a node stores. Call `open` once and read it to its end; what it has not come to yet is a miss. */
export class NodeStorage extends TieredStorage {
    readonly #disk: DiskFolder | null;
    readonly #groupOf: StorageOptions['groupOf'];

    constructor(options: StorageOptions, disk: DiskFolder | null) {
        super({
            memoryBytes: options.memoryBytes,
            disk: disk?.tier ?? null,
            scan: () => (disk === null ? nothing() : disk.scan()),
            keep: async () => disk?.keepIndex(),
            onGone: (key) => options.onGone?.(key),
        });
        this.#disk = disk;
        this.#groupOf = options.groupOf;
        if (disk !== null) disk.onEvict = (key) => this.evicted(key);
    }

    /** Removes what belongs to a group and the secret without which copies of its files cannot be read. */
    async eraseGroup(group: string): Promise<void> {
        for (const key of [...this.keys()]) {
            const meta = this.metaOf(key);
            if (meta !== undefined && this.#groupOf?.({ key, meta }) === group) this.delete(key);
        }
        if (this.#disk === null) return;
        const { tier, keys } = this.#disk;
        const tag = keys.tagOf(group);
        // Those too whose description no longer names the group.
        for (const key of tier.keysOfGroup(tag)) this.delete(key);
        await tier.current();
        await keys.eraseGroup(tag);
    }
}

async function* nothing(): AsyncGenerator<never> {}

export async function openStorage(options: StorageOptions): Promise<NodeStorage> {
    const { folder, diskBytes } = options;
    if (folder === null || diskBytes === 0) return new NodeStorage(options, null);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return new NodeStorage(options, new DiskFolder(folder, options, await StorageKeys.open(folder)));
}
