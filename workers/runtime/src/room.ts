import { errorCodeOf, errorMessageOf, failure } from './errors.js';

/** No room on the disk, in the quota, under the limit of a file's size: nothing is lost, and room may come back. */
const NO_ROOM: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

export const isNoRoom = (error: unknown): boolean => NO_ROOM.has(errorCodeOf(error));

/** What to throw for a write that failed: the same, but naming the file where there was no room for it. */
export function naming(path: string, error: unknown): unknown {
    if (!isNoRoom(error)) return error;
    return failure(
        'MKT_RUNTIME__NO_ROOM',
        `${path} cannot be written (${errorMessageOf(error)}); free space on its disk, or raise the quota or the limit of a file's size`,
        { path },
        error,
    );
}
