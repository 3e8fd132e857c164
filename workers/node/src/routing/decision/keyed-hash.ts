import { createHmac } from 'node:crypto';
import type { AddressBits } from '../address.js';

const KEY_LABEL = 'OCM/router/viewer/v1';

const state = new Int32Array(4);

function mixState(rounds: number): void {
    let a = state[0]!;
    let b = state[1]!;
    let c = state[2]!;
    let d = state[3]!;
    for (let round = 0; round < rounds; round += 1) {
        a = (a + b) | 0;
        b = ((b << 5) | (b >>> 27)) ^ a;
        a = (a << 16) | (a >>> 16);
        c = (c + d) | 0;
        d = ((d << 8) | (d >>> 24)) ^ c;
        a = (a + d) | 0;
        d = ((d << 7) | (d >>> 25)) ^ a;
        c = (c + b) | 0;
        b = ((b << 13) | (b >>> 19)) ^ c;
        c = (c << 16) | (c >>> 16);
    }
    state[0] = a;
    state[1] = b;
    state[2] = c;
    state[3] = d;
}

/**
 * HalfSipHash-2-4 (Aumasson, Bernstein 2012) over whole 32-bit words: a hash of viewers' addresses that nobody can compute or
 * steer without the key, at a hundredth of what an HMAC costs.
 */
export class KeyedHash {
    readonly #key0: number;
    readonly #key1: number;
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
        state[0] = this.#key0;
        state[1] = this.#key1;
        state[2] = 0x6c796765 ^ this.#key0;
        state[3] = 0x74656462 ^ this.#key1;
        for (let i = 0; i <= count; i += 1) {
            const word = i < count ? words[i]! : (4 * count) << 24;
            state[3]! ^= word;
            mixState(2);
            state[0]! ^= word;
        }
        state[2]! ^= 0xff;
        mixState(4);
        return (state[1]! ^ state[3]!) >>> 0;
    }

    /** Of IPv6 the first 64 bits: a household stays with its node while its privacy addresses (RFC 8981) change. */
    hashAddress({ family, words }: AddressBits): number {
        return this.hashWords(words, family === 4 ? 1 : 2);
    }
}
