import type { FileHandle } from 'node:fs/promises';
import { errorCodeOf, errorMessageOf, failure } from './errors.js';
import { isNoRoom } from './room.js';

export const isFull = (error: unknown): boolean => errorCodeOf(error) === 'MKT_RUNTIME__JOURNAL_FULL';

/**
 * Appends a group to the file of `offset` bytes. One that does not fit is taken back whole, so that the journal goes on
 * once there is room. @throws MKT_RUNTIME__JOURNAL_FULL
 */
export async function appendWhole(path: string, handle: FileHandle, group: Buffer, offset: number): Promise<void> {
    try {
        await handle.appendFile(group);
    } catch (error) {
        if (!isNoRoom(error)) throw error;
        await handle.truncate(offset);
        throw failure(
            'MKT_RUNTIME__JOURNAL_FULL',
            `journal ${path} has no room (${errorMessageOf(error)}); free space, it goes on by itself`,
            {},
            error,
        );
    }
}
