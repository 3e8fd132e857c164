import { createPublicKey, type KeyObject, verify as verifyWithNode } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
import { toHex } from './bytes.js';

export type VerifySignature = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;

const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
/** SubjectPublicKeyInfo of an Ed25519 key up to the key itself (RFC 8410). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** The issuer's key signs every token of an epoch; a client's signs once. */
const keys = new Map<string, KeyObject>();
const MAX_KEYS = 1_000;

/** @throws for bytes that are no point of the curve, or one of small order, which would sign anything */
function openKey(publicKey: Uint8Array): KeyObject {
    const name = toHex(publicKey);
    const known = keys.get(name);
    if (known !== undefined) return known;
    if (ed25519.Point.fromBytes(publicKey).isSmallOrder()) throw new RangeError('a key of small order');
    const key = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, publicKey]), format: 'der', type: 'spki' });
    if (keys.size >= MAX_KEYS) keys.clear();
    keys.set(name, key);
    return key;
}

/** Ed25519 as the chain checks it: without cofactor, `S` below the order, and no key of small order. */
export const verifySignature: VerifySignature = (publicKey, message, signature) => {
    if (publicKey.length !== KEY_BYTES || signature.length !== SIGNATURE_BYTES) return false;
    try {
        return verifyWithNode(null, message, openKey(publicKey), signature);
    } catch {
        return false;
    }
};

/** Remembers what was verified: a copy is verified again and again while little of it changes. */
export function rememberSignatures(inner: VerifySignature): VerifySignature {
    const known = new Map<string, boolean>();
    return (publicKey, message, signature) => {
        const key = [publicKey, message, signature].map((part) => Buffer.from(part).toString('latin1')).join('|');
        const remembered = known.get(key) ?? inner(publicKey, message, signature);
        known.set(key, remembered);
        return remembered;
    };
}
