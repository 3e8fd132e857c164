import { describe, expect, it } from 'vitest';
import { hmacSha256, prepareHmacSha256, sha256 } from './hash.js';
import { nativeHash } from './hash-native.js';
import { portableSha256, preparePortableHmac } from './hash-portable.js';

const LENGTHS = [0, 1, 31, 32, 55, 56, 63, 64, 65, 119, 120, 417, 4_095, 4_096, 4_097, 70_000];
let seed = 1;
/** Other bytes each time. */
const bytes = (length: number) => {
    seed += 1;
    return Uint8Array.from({ length }, (_, index) => (index * 31 + seed * 17 + ((index * seed) >> 8)) & 255);
};
const halves = (message: Uint8Array) => [
    message.subarray(0, message.length >> 1),
    message.subarray(message.length >> 1),
];

describe('the native and the portable hash', () => {
    it('are both there to be compared', () => {
        expect(nativeHash).toBeTypeOf('function');
    });
    it.each(LENGTHS)('give the SHA-256 of %i bytes, whole or in parts', async (length) => {
        const message = bytes(length);
        const expected = new Uint8Array(await crypto.subtle.digest('SHA-256', message));
        for (const hash of [sha256, portableSha256]) {
            expect(hash(message)).toEqual(expected);
            expect(hash(...halves(message))).toEqual(expected);
        }
    });
    it.each(LENGTHS)('give the HMAC of %i bytes under keys of any length, again and again', (length) => {
        for (const keyBytes of [0, 16, 32, 63, 64, 65, 200]) {
            const key = bytes(keyBytes);
            const [native, portable] = [prepareHmacSha256(key), preparePortableHmac(key)];
            for (const message of [bytes(length), bytes(length), bytes(3)]) {
                expect(native(...halves(message))).toEqual(portable(message));
                expect(portable(...halves(message))).toEqual(hmacSha256(key, message));
            }
        }
    });
    it('take what they are given as it is, and give what nothing changes later', () => {
        const message = bytes(40);
        const copy = Uint8Array.from(message);
        const [first, before] = [sha256(message, message), sha256(message, message)];
        sha256(bytes(9), bytes(99));
        expect(first).toEqual(before);
        expect(message).toEqual(copy);
    });
});
