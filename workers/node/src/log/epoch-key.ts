import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '@ocm/runtime';

const KEY_BYTES = 32;
export const keyPath = (folder: string): string => join(folder, 'epoch.key');

/**
 * `K_epoch` of security.md 3.3. Written before the first record of the epoch; erasing the file makes its commitments
 * unlinkable noise while settlement still verifies.
 */
export async function createEpochKey(folder: string): Promise<void> {
    await writeFileAtomic(keyPath(folder), randomBytes(KEY_BYTES), 0o600);
}

/** Null if the key was erased. */
export async function readEpochKey(folder: string): Promise<Uint8Array | null> {
    try {
        const key = await readFile(keyPath(folder));
        return key.length === KEY_BYTES ? key : null;
    } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
        throw error;
    }
}
