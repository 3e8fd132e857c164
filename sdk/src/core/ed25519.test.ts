import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import table from '../../../tests/vectors/messages.json' with { type: 'json' };
import { concatBytes, fromHex, toHex, utf8 } from './bytes.js';
import { generateKeyPair, publicKeyOf, sign, verify } from './ed25519.js';
import { MarketplaceError } from './error.js';

const ORDER = ed25519.Point.Fn.ORDER;
const seedOf = (name: string) => fromHex(table.keys.find((key) => key.name === name)!.secretSeed);
const littleEndian = (bytes: Uint8Array) => BigInt(`0x${toHex(bytes.slice().reverse())}`);
const scalarBytes = (value: bigint) => fromHex(value.toString(16).padStart(64, '0')).reverse();

describe('Ed25519', () => {
    it.each(table.keys)('derives the public key of "$name"', ({ secretSeed, publicKey }) => {
        expect(toHex(publicKeyOf(fromHex(secretSeed)))).toBe(publicKey);
    });

    it('signs and verifies what the table signed', () => {
        const rows = [
            ...table.tokens.map((row) => ({ signer: 'issuer', message: row.encoded, signature: row.issuerSignature })),
            ...table.receipts.map((row) => ({
                signer: 'client',
                message: row.encoded,
                signature: row.clientSignature,
            })),
        ];
        for (const { signer, message, signature } of rows) {
            const publicKey = publicKeyOf(seedOf(signer));
            expect(toHex(sign(seedOf(signer), fromHex(message)))).toBe(signature);
            expect(verify(publicKey, fromHex(message), fromHex(signature))).toBe(true);
        }
    });

    it('verifies fresh keys and refuses any changed bit of key, message or signature', () => {
        const { secretSeed, publicKey } = generateKeyPair();
        const message = utf8('a receipt');
        const signature = sign(secretSeed, message);
        expect(verify(publicKey, message, signature)).toBe(true);
        const flip = (bytes: Uint8Array, bit: number) =>
            bytes.map((byte, i) => (i === (bit >> 3) % bytes.length ? byte ^ (1 << (bit & 7)) : byte));
        fc.assert(
            fc.property(fc.nat(511), (bit) => {
                expect(verify(publicKey, message, flip(signature, bit))).toBe(false);
                expect(verify(publicKey, flip(message, bit), signature)).toBe(false);
                expect(verify(flip(publicKey, bit), message, signature)).toBe(false);
            }),
            { numRuns: 40 },
        );
    });

    it('refuses the second spelling of a signature, S + L', () => {
        const message = utf8('once');
        const signature = sign(seedOf('client'), message);
        const second = littleEndian(signature.subarray(32)) + ORDER;
        const forged = concatBytes(signature.subarray(0, 32), scalarBytes(second));
        expect(verify(publicKeyOf(seedOf('client')), message, forged)).toBe(false);
    });

    it('refuses keys of small order, for which anyone can sign anything', () => {
        const identity = ed25519.Point.ZERO.toBytes();
        const anything = concatBytes(ed25519.Point.BASE.toBytes(), scalarBytes(1n));
        expect(verify(identity, utf8('anything'), anything)).toBe(false);
        expect(verify(new Uint8Array(32), utf8('anything'), new Uint8Array(64))).toBe(false);
    });

    it('refuses a commitment of small order, as the chain does', () => {
        const secret = 12_345n;
        const key = ed25519.Point.BASE.multiply(secret).toBytes();
        const commitment = ed25519.Point.ZERO.toBytes();
        const challenge = littleEndian(sha512(concatBytes(commitment, key, utf8('x')))) % ORDER;
        const signature = concatBytes(commitment, scalarBytes((challenge * secret) % ORDER));
        expect(verify(key, utf8('x'), signature)).toBe(false);
    });

    it('refuses what only a check with cofactor accepts, because the chain refuses it too', () => {
        // A point of order 8 added to an honest key: the cofactored equation forgets it, the chain's does not.
        const torsion = ed25519.Point.fromHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa');
        const secret = 12_345n;
        const key = ed25519.Point.BASE.multiply(secret).add(torsion).toBytes();
        const nonce = 6_789n;
        const commitment = ed25519.Point.BASE.multiply(nonce).toBytes();
        let split = false;
        for (let i = 0; i < 16 && !split; i++) {
            const message = utf8(`receipt ${i}`);
            const challenge = littleEndian(sha512(concatBytes(commitment, key, message))) % ORDER;
            const signature = concatBytes(commitment, scalarBytes((nonce + challenge * secret) % ORDER));
            expect(ed25519.verify(signature, message, key)).toBe(true);
            // One challenge in eight is a multiple of the order: there both checks agree.
            expect(verify(key, message, signature)).toBe(challenge % 8n === 0n);
            split = challenge % 8n !== 0n;
        }
        expect(split).toBe(true);
    });

    it('answers false to malformed input and throws only for malformed secrets', () => {
        fc.assert(
            fc.property(fc.anything(), fc.anything(), fc.anything(), (key, message, signature) => {
                expect(verify(key as Uint8Array, message as Uint8Array, signature as Uint8Array)).toBe(false);
            }),
        );
        fc.assert(
            fc.property(
                fc.uint8Array({ minLength: 32, maxLength: 32 }),
                fc.uint8Array({ minLength: 64, maxLength: 64 }),
                (key, signature) => {
                    expect(verify(key, utf8('x'), signature)).toBe(false);
                },
            ),
            { numRuns: 30 },
        );
        expect(() => sign(new Uint8Array(64), utf8('x'))).toThrow(MarketplaceError);
        expect(() => publicKeyOf(new Uint8Array(0))).toThrow(MarketplaceError);
    });
});
