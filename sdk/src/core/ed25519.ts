import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { equalBytes } from './bytes.js';
import { isStrictForm, nativeVerify } from './ed25519-native.js';
import { assertLength } from './fields.js';
import { HASH_BYTES } from './hash.js';

export const PUBLIC_KEY_BYTES = 32;
export const SECRET_SEED_BYTES = 32;
export const SIGNATURE_BYTES = 64;

const { Point } = ed25519;
const ORDER = Point.Fn.ORDER;

export interface KeyPair {
    /** 32-byte Ed25519 seed (RFC 8032 5.1.5). Keep it out of logs and errors. */
    readonly secretSeed: Uint8Array;
    readonly publicKey: Uint8Array;
}

/** A fresh Ed25519 key pair from the platform's random source. */
export function generateKeyPair(): KeyPair {
    const secretSeed = ed25519.utils.randomSecretKey();
    return { secretSeed, publicKey: ed25519.getPublicKey(secretSeed) };
}

/** Public key (32 bytes) of a 32-byte seed. Throws MKT_CORE__FIELD_LENGTH_WRONG. */
export function publicKeyOf(secretSeed: Uint8Array): Uint8Array {
    assertLength('secretSeed', secretSeed, SECRET_SEED_BYTES);
    return ed25519.getPublicKey(secretSeed);
}

/** Deterministic Ed25519 signature (64 bytes) over `message`. Throws MKT_CORE__FIELD_LENGTH_WRONG. */
export function sign(secretSeed: Uint8Array, message: Uint8Array): Uint8Array {
    assertLength('secretSeed', secretSeed, SECRET_SEED_BYTES);
    return ed25519.sign(message, secretSeed);
}

/**
 * Strict verification without cofactor; malformed input is just not valid.
 *
 * The chain's Ed25519 precompile decides on evidence and checks without cofactor. A check with cofactor would accept
 * signatures of crafted keys that the chain then refuses: a client could make a node serve bytes that it can never prove.
 */
export function verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
    if (!isBytes(publicKey, PUBLIC_KEY_BYTES) || !isBytes(signature, SIGNATURE_BYTES)) return false;
    if (!(message instanceof Uint8Array)) return false;
    if (nativeVerify === null) return verifyPortably(publicKey, message, signature);
    try {
        return isStrictForm(publicKey, signature) && nativeVerify(publicKey, message, signature);
    } catch {
        // The platform's own limits: a message too long for it, or memory that others share.
        return verifyPortably(publicKey, message, signature);
    }
}

/** {@link verify} where there is no native one, of inputs that have their lengths: browsers. */
export function verifyPortably(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
    try {
        const key = Point.fromBytes(publicKey);
        const commitment = signature.subarray(0, HASH_BYTES);
        const response = littleEndian(signature.subarray(HASH_BYTES));
        // S >= L would give every signature a second spelling (RFC 8032 5.1.7).
        if (key.isSmallOrder() || response >= ORDER) return false;
        const hasher = sha512.create().update(commitment).update(publicKey).update(message);
        const challenge = littleEndian(hasher.digest()) % ORDER;
        const expected = Point.BASE.multiplyUnsafe(response).subtract(key.multiplyUnsafe(challenge));
        return !expected.isSmallOrder() && equalBytes(expected.toBytes(), commitment);
    } catch {
        // The library throws for bytes that are no point of the curve.
        return false;
    }
}

function isBytes(value: unknown, length: number): boolean {
    return value instanceof Uint8Array && value.length === length;
}

function littleEndian(bytes: Uint8Array): bigint {
    let value = 0n;
    for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i] ?? 0);
    return value;
}
