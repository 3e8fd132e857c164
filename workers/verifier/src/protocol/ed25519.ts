import { createPublicKey, verify as verifyWithNode } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';

export type VerifySignature = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;

const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
/** SubjectPublicKeyInfo of an Ed25519 key up to the key itself (RFC 8410). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** Ed25519 as the chain checks it: without cofactor, `S` below the order, and no key of small order, which would sign anything. */
export const verifySignature: VerifySignature = (publicKey, message, signature) => {
    if (publicKey.length !== KEY_BYTES || signature.length !== SIGNATURE_BYTES) return false;
    try {
        if (ed25519.Point.fromBytes(publicKey).isSmallOrder()) return false;
        const der = Buffer.concat([SPKI_PREFIX, publicKey]);
        const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
        return verifyWithNode(null, message, key, signature);
    } catch {
        // Bytes that are no point of the curve verify nothing.
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
