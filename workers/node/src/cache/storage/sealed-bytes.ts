import { createCipheriv, createDecipheriv } from 'node:crypto';
import { read, writev } from 'node:fs';
import { promisify } from 'node:util';

const CIPHER = 'aes-256-gcm';
export const TAG_BYTES = 16;
export const NONCE_BYTES = 12;

/** What was read is not what was written, or was written with another key. */
export class DamagedFile extends Error {}

/** Ciphertext and tag, in pieces. */
export function seal(key: Uint8Array, nonce: Uint8Array, plain: Uint8Array): Buffer[] {
    const cipher = createCipheriv(CIPHER, key, nonce);
    return [cipher.update(plain), cipher.final(), cipher.getAuthTag()];
}

/** @throws DamagedFile */
export function unseal(key: Uint8Array, nonce: Uint8Array, sealed: Buffer): Buffer {
    if (sealed.length < TAG_BYTES) throw new DamagedFile('too short');
    const decipher = createDecipheriv(CIPHER, key, nonce);
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    const plain = decipher.update(sealed.subarray(0, -TAG_BYTES));
    try {
        decipher.final();
    } catch {
        throw new DamagedFile('the bytes are not those that were written');
    }
    return plain;
}

export function nonceOf(counter: number): Buffer {
    const nonce = Buffer.alloc(NONCE_BYTES);
    nonce.writeUInt32BE(counter, NONCE_BYTES - 4);
    return nonce;
}

const readOnce = promisify(read);
const writeOnce = promisify(writev);

/** Fills the buffer. @throws DamagedFile at the end of the file */
export async function readInto(fd: number, buffer: Buffer, position: number): Promise<void> {
    let done = 0;
    while (done < buffer.length) {
        const { bytesRead } = await readOnce(fd, buffer, done, buffer.length - done, position + done);
        if (bytesRead === 0) throw new DamagedFile('the file is too short');
        done += bytesRead;
    }
}

export async function readAt(fd: number, position: number, bytes: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafe(bytes);
    await readInto(fd, buffer, position);
    return buffer;
}

/** @returns bytes written: all */
export async function writeAt(fd: number, parts: Buffer[], position: number): Promise<number> {
    const bytes = parts.reduce((sum, part) => sum + part.length, 0);
    const { bytesWritten } = await writeOnce(fd, parts, position);
    if (bytesWritten === bytes) return bytes;
    if (bytesWritten === 0) throw new Error('the file system took nothing');
    const left = Buffer.concat(parts).subarray(bytesWritten);
    return bytesWritten + (await writeAt(fd, [left], position + bytesWritten));
}
