import { createHmac } from 'node:crypto';
import type { AddressBits } from '../address.js';

const KEY_LABEL = 'OCM/router/viewer/v1';

/**
 * HalfSipHash-2-4 (Aumasson, Bernstein 2012) over whole 32-bit words: a hash of viewers' addresses that nobody can compute or
 * steer without the key, at a hundredth of what an HMAC costs.
 */
export class KeyedHash {
    readonly #key0: number;
    readonly #key1: number;
    #a = 0;
    #b = 0;
    #c = 0;
    #d = 0;

    constructor(key: Uint8Array) {
        const view = new DataView(key.buffer, key.byteOffset, 8);
        this.#key0 = view.getInt32(0, true);
        this.#key1 = view.getInt32(4, true);
    }

    /** All CASTs of an operator have the same secret, so they send a viewer to the same node; nobody else knows which. */
    static ofSecret(secret: string): KeyedHash {
        return new KeyedHash(createHmac('sha256', secret).update(KEY_LABEL).digest());
    }

    /** Unsigned 32 bits. */
    hashWords(words: Int32Array, count: number): number {
        this.#a = this.#key0;
        this.#b = this.#key1;
        this.#c = 0x6c796765 ^ this.#key0;
        this.#d = 0x74656462 ^ this.#key1;
        for (let i = 0; i < count; i += 1) this.#absorb(words[i]!);
        this.#absorb((4 * count) << 24);
        this.#c ^= 0xff;
        for (let round = 0; round < 4; round += 1) this.#round();
        return (this.#b ^ this.#d) >>> 0;
    }

    /** Of IPv6 the first 64 bits: a household stays with its node while its privacy addresses (RFC 8981) change. */
    hashAddress({ family, words }: AddressBits): number {
        return this.hashWords(words, family === 4 ? 1 : 2);
    }

    #absorb(word: number): void {
        this.#d ^= word;
        this.#round();
        this.#round();
        this.#a ^= word;
    }

    #round(): void {
        let [a, b, c, d] = [this.#a, this.#b, this.#c, this.#d];
        a = (a + b) | 0;
        b = (b << 5) | (b >>> 27);
        b ^= a;
        a = (a << 16) | (a >>> 16);
        c = (c + d) | 0;
        d = (d << 8) | (d >>> 24);
        d ^= c;
        a = (a + d) | 0;
        d = (d << 7) | (d >>> 25);
        d ^= a;
        c = (c + b) | 0;
        b = (b << 13) | (b >>> 19);
        b ^= c;
        c = (c << 16) | (c >>> 16);
        this.#a = a;
        this.#b = b;
        this.#c = c;
        this.#d = d;
    }
}
