import { chmodSync, readFileSync, statSync } from 'node:fs';
import { Keypair } from '@solana/web3.js';
import { errorCodeOf, errorMessageOf, failure } from './errors.js';
import { writeFileAtomic } from './files.js';

/** The Solana CLI's keypair file: a JSON array of 64 byte values, secret seed then public key. */
const SECRET_KEY_BYTES = 64;
const MAX_FILE_BYTES = 4096;

/**
 * @throws MKT_RUNTIME__KEYPAIR_MISSING when there is no file, MKT_RUNTIME__KEYPAIR_INVALID when it is not a keypair.
 */
export function readKeypair(path: string): Keypair {
    let text: string;
    try {
        if (statSync(path).size > MAX_FILE_BYTES) throw new Error(`is larger than ${MAX_FILE_BYTES} bytes`);
        text = readFileSync(path, 'utf8');
    } catch (error) {
        const missing = errorCodeOf(error) === 'ENOENT';
        throw failure(
            missing ? 'MKT_RUNTIME__KEYPAIR_MISSING' : 'MKT_RUNTIME__KEYPAIR_INVALID',
            missing
                ? `keypair file ${path} does not exist; create it with solana-keygen or correct the path`
                : `keypair file ${path} cannot be read: ${errorMessageOf(error)}`,
            { path },
            error,
        );
    }
    try {
        const values: unknown = JSON.parse(text);
        if (!isSecretKey(values)) throw new Error('expected a JSON array of 64 byte values');
        return Keypair.fromSecretKey(Uint8Array.from(values));
    } catch (error) {
        // The cause may quote the file's content, which is a secret: only the path is told.
        throw failure(
            'MKT_RUNTIME__KEYPAIR_INVALID',
            `keypair file ${path} is not a Solana keypair (a JSON array of 64 byte values whose second half is the public key of the first)`,
            { path },
            error instanceof SyntaxError ? undefined : error,
        );
    }
}

/** As `readKeypair`; a missing file is created, mode 0600. */
export async function readOrCreateKeypair(path: string): Promise<Keypair> {
    try {
        const keypair = readKeypair(path);
        // A key that others on the machine can read signs for them too.
        if ((statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o600);
        return keypair;
    } catch (error) {
        if (errorCodeOf(error) !== 'MKT_RUNTIME__KEYPAIR_MISSING') throw error;
    }
    const keypair = Keypair.generate();
    await writeFileAtomic(path, `${JSON.stringify([...keypair.secretKey])}\n`, 0o600);
    return keypair;
}

function isSecretKey(values: unknown): values is number[] {
    return (
        Array.isArray(values) &&
        values.length === SECRET_KEY_BYTES &&
        values.every((value) => Number.isInteger(value) && value >= 0 && value <= 255)
    );
}
