import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';

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

/** @throws DamagedFile at the end of the file */
export async function readAt(handle: FileHandle, offset: number, length: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafe(length);
    let done = 0;
    while (done < length) {
        const { bytesRead } = await handle.read(buffer, done, length - done, offset + done);
        if (bytesRead === 0) throw new DamagedFile('the file is too short');
        done += bytesRead;
    }
    return buffer;
}

/** @returns bytes written: all */
export async function writeAt(handle: FileHandle, data: Buffer, offset: number): Promise<number> {
    let done = 0;
    while (done < data.length) {
        done += (await handle.write(data, done, data.length - done, offset + done)).bytesWritten;
    }
    return done;
}
