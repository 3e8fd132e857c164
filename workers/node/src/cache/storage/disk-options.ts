import { errorCodeOf } from '@ocm/runtime';
import type { IndexedFile } from './disk-index.js';
import type { ObjectFiles } from './object-files.js';
import type { StoredObject } from './object-storage.js';
import type { StorageKeys } from './storage-keys.js';

/** Writes at once; the thread pool of Node has four threads, and reads need some. */
export const WRITES_AT_ONCE = 3;
/** Whole objects are in memory while they are read. */
export const READS_AT_ONCE = 8;
/** The file may be as good as ever; any other failure to read it is damage. */
const PASSING = new Set(['EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN']);
export const isPassing = (error: unknown): boolean => PASSING.has(errorCodeOf(error));

/** Blocks of a file system and its entry in a folder. */
const BLOCK_BYTES = 4_096;
const ENTRY_BYTES = 512;

export interface DiskTierOptions {
    files: ObjectFiles;
    keys: StorageKeys;
    maxBytes: number;
    maxCount: number;
    /** The group whose secret encrypts an object; undefined: the node's alone. */
    groupOf: (object: Pick<StoredObject, 'key' | 'meta'>) => string | undefined;
    onEvict: (key: string) => void;
    onError: (error: unknown) => void;
    /** Called before files change; null if there is nothing to wait for. */
    onChange: () => Promise<void> | null;
    now: () => number;
}
export type Entry = Omit<IndexedFile, 'key'>;

/** What a file takes from the bound. */
export const roomOf = (bytes: number): number => Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES + ENTRY_BYTES;
