import { createCipheriv, createHmac, hkdfSync } from 'node:crypto';
import { failure } from '@ocm/runtime';
import { formatEncryptedLogValue, formatIp, LOG_ENCRYPTION_DOMAIN, parseIp } from '@ocm/sdk/core';
import type { Transform } from './rules.js';

/** 32-byte keys by id, shared with whom the values are for. */
export type EncryptionKeys = ReadonlyMap<string, Uint8Array>;
export interface TransformContext {
    field: string;
    /** Number of the record within the epoch. */
    seq: number;
    epochKey: Uint8Array;
    keys: EncryptionKeys;
}

/**
 * Applies the transforms of a field in their order. Same epoch, same record, same text: a file that is written again
 * after a crash is the same file. @throws MKT_NODE__LOG_KEY_UNKNOWN
 */
export function applyTransforms(value: string, transforms: readonly Transform[], context: TransformContext): string {
    return transforms.reduce((text, transform) => applyOne(text, transform, context), value);
}

function applyOne(text: string, transform: Transform, context: TransformContext): string {
    switch (transform.type) {
        case 'Truncate':
            return [...text].slice(0, transform.maxCharacters).join('');
        case 'Hash':
            return keyedHash(text, transform.hexDigits, context);
        case 'Encrypt':
            return encrypt(text, transform.keyId, context);
        case 'MaskIp':
            return maskIp(text, transform.ipv4PrefixLength, transform.ipv6PrefixLength);
    }
}

/** Keyed by the epoch and the field: the key changes with each epoch, is erased with it, and links no two fields. */
function keyedHash(text: string, hexDigits: number, { epochKey, field }: TransformContext): string {
    const key = Buffer.from(hkdfSync('sha256', epochKey, '', `OCM/hash/v1/${field}`, 32));
    return createHmac('sha256', key).update(text).digest('hex').slice(0, hexDigits);
}

/**
 * AES-256-GCM. The nonce is a keyed hash of record, field and text: never the same for two texts, and the same when the
 * file is written again.
 */
function encrypt(text: string, keyId: string, { epochKey, field, seq, keys }: TransformContext): string {
    const key = keys.get(keyId);
    if (key === undefined) {
        throw failure(
            'MKT_NODE__LOG_KEY_UNKNOWN',
            `log.encryptionKeys has no key "${keyId}", which field ${field} of an epoch is encrypted with; put it back`,
        );
    }
    const nonce = createHmac('sha256', epochKey).update(`OCM/nonce/v1/${seq}/${field}/${keyId}/`).update(text).digest();
    const cipher = createCipheriv('aes-256-gcm', key, nonce.subarray(0, 12));
    cipher.setAAD(Buffer.from(`${LOG_ENCRYPTION_DOMAIN}${field}`));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return formatEncryptedLogValue(keyId, Buffer.concat([nonce.subarray(0, 12), sealed]));
}

function maskIp(text: string, ipv4PrefixLength: number, ipv6PrefixLength: number): string {
    const address = Uint8Array.from(parseIp(text));
    const kept = address.length === 4 ? ipv4PrefixLength : ipv6PrefixLength;
    for (const index of address.keys()) {
        const bits = Math.min(8, Math.max(0, kept - 8 * index));
        address[index] = (address[index] ?? 0) & (0xff << (8 - bits));
    }
    return formatIp(address);
}
