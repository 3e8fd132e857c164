import bs58 from 'bs58';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase58Unsafe, encodeBase58 } from './base58.js';

/** Byte strings with many leading zeros and all-ones, where carrying goes wrong first. */
const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc
        .tuple(fc.nat(40), fc.uint8Array({ maxLength: 70 }))
        .map(([zeros, tail]) => Uint8Array.from([...Array(zeros).fill(0), ...tail])),
    fc.nat(80).map((length) => new Uint8Array(length).fill(255)),
);

describe('base58', () => {
    it('encodes and decodes as the bs58 package does', () => {
        fc.assert(
            fc.property(bytes, (input) => {
                const text = encodeBase58(input);
                expect(text).toBe(bs58.encode(input));
                expect(Buffer.from(decodeBase58Unsafe(text) ?? []).equals(Buffer.from(input))).toBe(true);
            }),
            { numRuns: 2_000 },
        );
    });

    it('refuses characters outside the alphabet wherever they stand', () => {
        fc.assert(
            fc.property(
                bytes,
                fc.constantFrom('0', 'O', 'I', 'l', ' ', '\u00e9', '\u{1f600}'),
                fc.nat(),
                (input, wrong, seed) => {
                    const text = encodeBase58(input);
                    const place = seed % (text.length + 1);
                    expect(decodeBase58Unsafe(text.slice(0, place) + wrong + text.slice(place))).toBeUndefined();
                },
            ),
        );
    });
});
