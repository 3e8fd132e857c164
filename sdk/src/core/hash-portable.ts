import { hmac } from '@noble/hashes/hmac.js';
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';

/** SHA-256 where there is no native one: browsers. */
export function portableSha256(...parts: readonly Uint8Array[]): Uint8Array {
    const hasher = nobleSha256.create();
    for (const part of parts) hasher.update(part);
    return hasher.digest();
}

/** HMAC-SHA256 where there is no native hash; the key is prepared once. */
export function preparePortableHmac(key: Uint8Array): (...parts: readonly Uint8Array[]) => Uint8Array {
    const prepared = hmac.create(nobleSha256, key);
    return (...parts) => {
        const mac = prepared.clone();
        for (const part of parts) mac.update(part);
        return mac.digest();
    };
}
