import { mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isCopyPath } from '../copy/layout.js';
import { errorCodeOf, failure } from '../errors.js';
import type { CopyWriter } from './fetch.js';

/** Bytes of a whole copy, unless more is asked for. */
export const DEFAULT_MAX_BYTES = 4 * 2 ** 30;

/** Writes a copy into an empty or new folder, up to a size. @throws MKT_VERIFIER__FOLDER_NOT_EMPTY, MKT_VERIFIER__COPY_TOO_LARGE */
export async function createFolderWriter(folder: string, maxBytes = DEFAULT_MAX_BYTES): Promise<CopyWriter> {
    const there = await readdir(folder).catch((error: unknown) => {
        if (errorCodeOf(error) === 'ENOENT') return [];
        throw error;
    });
    if (there.length > 0)
        throw failure(
            'MKT_VERIFIER__FOLDER_NOT_EMPTY',
            `${folder} is not empty; name a new folder, so that two copies do not mix`,
        );
    await mkdir(folder, { recursive: true });
    let written = 0;
    return {
        async write(path, bytes) {
            if (!isCopyPath(path))
                throw failure('MKT_VERIFIER__PATH_INVALID', `${path} is no name of a file of a copy`);
            written += bytes.length;
            if (written > maxBytes)
                throw failure(
                    'MKT_VERIFIER__COPY_TOO_LARGE',
                    `the copy is larger than ${maxBytes} bytes; raise --max-bytes`,
                );
            const file = join(folder, ...path.split('/'));
            await mkdir(dirname(file), { recursive: true });
            await writeFile(`${file}.part`, bytes);
            await rename(`${file}.part`, file);
        },
    };
}
