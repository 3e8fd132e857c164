import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { concatBytes, fromHex, toHex, utf8 } from './bytes.js';
import { publicKeyOf, sign, verify, verifyPortably } from './ed25519.js';
import { isStrictForm, nativeVerify } from './ed25519-native.js';

const { Point } = ed25519;
const ORDER = Point.Fn.ORDER;
const FIELD = Point.Fp.ORDER;
const SIGN = 1n << 255n;
const littleEndian = (bytes: Uint8Array) => BigInt(`0x${toHex(bytes.slice().reverse())}`);
const encode = (value: bigint) => fromHex(value.toString(16).padStart(64, '0')).reverse();
const message = utf8('a receipt');
const challengeOf = (commitment: Uint8Array, key: Uint8Array, text = message) =>
    littleEndian(sha512(concatBytes(commitment, key, text))) % ORDER;

const TORSION = Point.fromHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa');
const torsions = Array.from({ length: 8 }, (_, index) =>
    Array.from({ length: index }).reduce((sum: InstanceType<typeof Point>) => sum.add(TORSION), Point.ZERO),
);
/** All encodings of points of small order, and all of a coordinate that is not below the field's order. */
const strange = [
    ...torsions.map((point) => point.toBytes()),
    ...[0n, 1n, FIELD - 1n].map((y) => encode(y | SIGN)),
    ...Array.from({ length: 19 }, (_, above) => FIELD + BigInt(above)).flatMap((y) => [encode(y), encode(y | SIGN)]),
];

function expectSame(key: Uint8Array, signature: Uint8Array, text = message): boolean {
    const verdict = verifyPortably(key, text, signature);
    expect({ key: toHex(key), signature: toHex(signature), verdict: verify(key, text, signature) }).toEqual({
        key: toHex(key),
        signature: toHex(signature),
        verdict,
    });
    return verdict;
}

const seeds = fc.uint8Array({ minLength: 32, maxLength: 32 });
const texts = fc.uint8Array({ maxLength: 200 });

describe('native verification', () => {
    it('is there to be compared', () => {
        expect(nativeVerify).toBeTypeOf('function');
    });
    it('takes what was signed, and gives the same verdict on any changed bit and on noise', () => {
        fc.assert(
            fc.property(seeds, texts, fc.nat(511), fc.nat(255), (seed, text, bit, keyBit) => {
                const [key, signature] = [publicKeyOf(seed), sign(seed, text)];
                const flip = (bytes: Uint8Array, place: number) =>
                    bytes.map((byte, index) => (index === place >> 3 ? byte ^ (1 << (place & 7)) : byte));
                expect(expectSame(key, signature, text)).toBe(true);
                expect(expectSame(key, flip(signature, bit), text)).toBe(false);
                expect(expectSame(flip(key, keyBit), signature, text)).toBe(false);
                expectSame(seed, concatBytes(seed, seed), text);
            }),
            { numRuns: 40 },
        );
    });
    it('refuses every key and commitment of small order or with two spellings', () => {
        for (const point of strange) {
            expect(isStrictForm(point, concatBytes(Point.BASE.toBytes(), encode(1n)))).toBe(false);
            expect(isStrictForm(Point.BASE.toBytes(), concatBytes(point, encode(1n)))).toBe(false);
        }
        for (const key of strange) {
            for (const commitment of [...strange.slice(0, 11), Point.BASE.toBytes()]) {
                for (const response of [0n, 1n]) {
                    expect(expectSame(key, concatBytes(commitment, encode(response)))).toBe(false);
                }
            }
        }
    });
    it('refuses equations that hold only with such a point', () => {
        const [secret, nonce] = [12_345n, 6_789n];
        let accepted = 0;
        for (const [index, onKey] of torsions.entries()) {
            for (const onCommitment of torsions) {
                for (const factor of [0n, nonce]) {
                    const key = Point.BASE.multiply(secret).add(onKey).toBytes();
                    const base = factor === 0n ? Point.ZERO : Point.BASE.multiply(factor);
                    const commitment = base.add(onCommitment).toBytes();
                    const response = (factor + challengeOf(commitment, key) * secret) % ORDER;
                    const isTaken = expectSame(key, concatBytes(commitment, encode(response)));
                    if (isTaken) accepted += 1;
                    if (isTaken && index === 0) expect(onCommitment.is0() && factor === nonce).toBe(true);
                }
            }
        }
        // The honest one at least: with a mixed key, commitments and challenges may cancel each other out.
        expect(accepted).toBeGreaterThan(0);
    });
    it('refuses responses from the order on', () => {
        const seed = new Uint8Array(32).fill(7);
        const [key, signature] = [publicKeyOf(seed), sign(seed, message)];
        const [commitment, response] = [signature.subarray(0, 32), littleEndian(signature.subarray(32))];
        for (let spelling = response + ORDER; spelling < 1n << 256n; spelling += ORDER) {
            expect(expectSame(key, concatBytes(commitment, encode(spelling)))).toBe(false);
        }
        for (const edge of [ORDER - 1n, ORDER, ORDER + 1n, (1n << 256n) - 1n]) {
            expect(isStrictForm(key, concatBytes(commitment, encode(edge)))).toBe(edge < ORDER);
        }
    });
});

describe('a platform with another Ed25519', () => {
    afterEach(() => {
        vi.unstubAllGlobals();
        vi.resetModules();
    });
    const load = async (crypto: object | undefined) => {
        vi.stubGlobal('process', { ...process, getBuiltinModule: () => crypto });
        vi.resetModules();
        return (await import('./ed25519-native.js')).nativeVerify;
    };
    it('is verified portably if it has none, accepts all, accepts nothing, or fails', async () => {
        expect(await load(undefined)).toBeNull();
        expect(await load({ verify: () => true })).toBeNull();
        expect(await load({ verify: () => false })).toBeNull();
        const unknown = () => {
            throw new Error('unknown curve');
        };
        expect(await load({ verify: unknown })).toBeNull();
    });
});
