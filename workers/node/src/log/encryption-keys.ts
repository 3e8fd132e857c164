import { readFile } from 'node:fs/promises';
import { errorMessageOf, failure } from '@ocm/runtime';
import { fromHex } from '@ocm/sdk/core';
import type { EncryptionKeys } from './transforms.js';

/** Reads the keys of `log.encryptionKeys`: files of 64 hexadecimal digits. @throws MKT_NODE__LOG_KEY_UNREADABLE */
export async function readEncryptionKeys(files: readonly { id: string; keyPath: string }[]): Promise<EncryptionKeys> {
    const keys = new Map<string, Uint8Array>();
    for (const { id, keyPath } of files) {
        const text = (await readOrFail(keyPath)).toString('latin1').trim();
        if (!/^[0-9a-fA-F]{64}$/.test(text)) throw unreadable(keyPath, 'does not hold 64 hexadecimal digits');
        keys.set(id, fromHex(text.toLowerCase()));
    }
    return keys;
}

async function readOrFail(path: string): Promise<Buffer> {
    try {
        return await readFile(path);
    } catch (error) {
        throw unreadable(path, `cannot be read (${errorMessageOf(error)})`);
    }
}

const unreadable = (path: string, what: string): Error =>
    failure('MKT_NODE__LOG_KEY_UNREADABLE', `the key file ${path} ${what}; make one with: openssl rand -hex 32`);
