import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { errorMessageOf, failure } from '@ocm/runtime';
import { createIdentity, type Identity } from './statement.js';

/** Reads the key of a node (PEM, not encrypted). @throws MKT_NODE__IDENTITY_UNUSABLE */
export async function readIdentity(path: string | undefined): Promise<Identity | null> {
    if (path === undefined) return null;
    try {
        return createIdentity(createPrivateKey(await readFile(path)));
    } catch (error) {
        throw failure(
            'MKT_NODE__IDENTITY_UNUSABLE',
            `the key ${path} cannot be used (${errorMessageOf(error)}); correct config.identityKeyPath`,
            {},
            error,
        );
    }
}
