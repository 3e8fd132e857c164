import { nativeHash, nativeSha256, prepareNativeHmac } from './hash-native.js';
import { portableSha256, preparePortableHmac } from './hash-portable.js';

/** Length of every digest and address. */
export const HASH_BYTES = 32;

/** SHA-256 over the concatenation of `parts`. */
export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
    return nativeHash === null ? portableSha256(...parts) : nativeSha256(nativeHash, parts);
}

/** HMAC-SHA256 (RFC 2104) of one key, prepared once for many messages: each is the concatenation of its parts. */
export function prepareHmacSha256(key: Uint8Array): (...parts: readonly Uint8Array[]) => Uint8Array {
    return nativeHash === null ? preparePortableHmac(key) : prepareNativeHmac(nativeHash, key);
}

/** HMAC-SHA256 (RFC 2104) over the concatenation of `parts`. */
export function hmacSha256(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
    return prepareHmacSha256(key)(...parts);
}
