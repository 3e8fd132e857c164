import { lstat, readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { z } from 'zod';
import { errorMessageOf, failure } from '../errors.js';
import type { Findings } from '../findings.js';
import { parseCanonical } from '../protocol/canonical-json.js';
import { MAX_FILE_BYTES } from './layout.js';

/** Where the files of a copy are; their names are relative, with `/`. */
export type Copy = {
    list(): Promise<readonly string[]>;
    /** Null when there is no such file. */
    read(path: string): Promise<Uint8Array | null>;
};

const MAX_FILES = 1_000_000;

/** A copy in a folder. Links are not followed: a copy of a stranger must not show what lies elsewhere. */
export function openFolder(folder: string): Copy {
    return {
        async list() {
            const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
                throw failure(
                    'MKT_VERIFIER__FOLDER_UNREADABLE',
                    `${folder} cannot be read (${errorMessageOf(error)}); name the folder that ocm fetch wrote`,
                );
            });
            if (entries.length > MAX_FILES)
                throw failure('MKT_VERIFIER__FOLDER_TOO_LARGE', `${folder} holds more than ${MAX_FILES} files`);
            return entries
                .filter((entry) => !entry.isDirectory())
                .map((entry) => join(entry.parentPath, entry.name).slice(folder.replace(/[\\/]+$/, '').length + 1))
                .map((path) => path.split(sep).join('/'))
                .sort();
        },
        async read(path) {
            const file = join(folder, ...path.split('/'));
            try {
                const stat = await lstat(file);
                if (!stat.isFile()) return null;
                if (stat.size > MAX_FILE_BYTES)
                    throw failure('MKT_VERIFIER__FILE_TOO_LARGE', `${file} is larger than ${MAX_FILE_BYTES} bytes`);
                return await readFile(file);
            } catch (error) {
                if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
                    return null;
                throw error;
            }
        },
    };
}

/** A copy in memory, file by file. */
export function openMemory(files: ReadonlyMap<string, Uint8Array>): Copy {
    return {
        list: async () => [...files.keys()].sort(),
        read: async (path) => files.get(path) ?? null,
    };
}

/** The content of a canonical JSON file; null when it is missing, or is none, which is a finding. */
export async function readRecord<T>(
    copy: Copy,
    path: string,
    schema: z.ZodType<T>,
    findings: Findings,
): Promise<{ value: T; bytes: Uint8Array } | null> {
    const bytes = await copy.read(path);
    if (bytes === null) return null;
    const parsed = parseCanonical(bytes);
    if ('problem' in parsed) {
        findings.add(path, path, parsed.problem);
        // Said once by its form; its content is still compared where it can be read.
        const loose = schema.safeParse(parseLoosely(bytes));
        return loose.success ? { value: loose.data, bytes } : null;
    }
    const result = schema.safeParse(parsed.value);
    if (result.success) return { value: result.data, bytes };
    const issue = result.error.issues[0];
    findings.add(path, path, `${issue?.path.join('.') || 'the file'} ${issue?.message ?? 'is out of its form'}`);
    return null;
}

function parseLoosely(bytes: Uint8Array): unknown {
    try {
        return JSON.parse(new TextDecoder().decode(bytes));
    } catch {
        return undefined;
    }
}
