import { hmac } from '@noble/hashes/hmac.js';
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';

/** Length of every digest and address. */
export const HASH_BYTES = 32;

/** SHA-256 over the concatenation of `parts`. */
export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
    const hasher = nobleSha256.create();
    for (const part of parts) hasher.update(part);
    return hasher.digest();
}

/** HMAC-SHA256 (RFC 2104) over the concatenation of `parts`. */
export function hmacSha256(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
    const mac = hmac.create(nobleSha256, key);
    for (const part of parts) mac.update(part);
    return mac.digest();
}
