import { DiskStore } from './disk-store.js';
import { LruDiskStorage } from './lru-disk-storage.js';
import type { ObjectStorage } from './storage/object-storage.js';

export interface StorageInput {
    memoryBytes: number;
    /** Where the second tier is; null for memory alone. */
    folder: string | null;
    diskBytes: number;
    onDiskError: (error: unknown) => void;
}

/** The storage of a cache. The cache opens it, as it rebuilds its own tables from what is there. */
export function createStorage({ memoryBytes, folder, diskBytes, onDiskError }: StorageInput): ObjectStorage {
    const disk = folder === null || diskBytes === 0 ? null : new DiskStore(folder, diskBytes);
    return new LruDiskStorage({ memoryBytes, disk, onDiskError });
}
