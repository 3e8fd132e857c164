import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { errorMessageOf, failure } from '@ocm/runtime';

export interface TlsFiles {
    certPath: string;
    keyPath: string;
}
export interface TlsMaterial {
    cert: Buffer;
    key: Buffer;
}

/** Reads certificate chain and private key (PEM) and tries them. @throws MKT_NODE__TLS_UNUSABLE */
export async function readTls({ certPath, keyPath }: TlsFiles): Promise<TlsMaterial> {
    try {
        const [cert, key] = await Promise.all([readFile(certPath), readFile(keyPath)]);
        createSecureContext({ cert, key });
        return { cert, key };
    } catch (error) {
        throw failure(
            'MKT_NODE__TLS_UNUSABLE',
            `certificate ${certPath} and key ${keyPath} cannot be used (${errorMessageOf(error)}); correct log.listen`,
            {},
            error,
        );
    }
}
