import { fromBase64, fromUtf8, toBase64, utf8 } from './bytes.js';
import { MarketplaceError } from './error.js';

/** Additional data of an encrypted log value: this text and the name of its field, so that no value passes for another's. */
export const LOG_ENCRYPTION_DOMAIN = 'OCM/field/v1/';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const FORM = /^!([A-Za-z0-9_-]{1,32})!([A-Za-z0-9_-]{1,87384})$/;

export interface EncryptedLogValue {
    readonly keyId: string;
    /** Nonce [12], ciphertext, tag [16] of AES-256-GCM. */
    readonly sealed: Uint8Array;
}

/** `!<key id>!<base64url>`: the mark that RFC 7937 3.4.1 proposes for encrypted values, and a key that can be changed. */
export function formatEncryptedLogValue(keyId: string, sealed: Uint8Array): string {
    const text = toBase64(sealed).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
    return `!${keyId}!${text}`;
}

/** Undefined for a value that is not encrypted. */
export function parseEncryptedLogValue(value: string): EncryptedLogValue | undefined {
    const [, keyId, text] = FORM.exec(value) ?? [];
    if (keyId === undefined || text === undefined || text.length % 4 === 1) return undefined;
    const base64 = text
        .replace(/-/g, '+')
        .replace(/_/g, '/')
        .padEnd(Math.ceil(text.length / 4) * 4, '=');
    try {
        const sealed = fromBase64(base64);
        return sealed.length < NONCE_BYTES + TAG_BYTES ? undefined : { keyId, sealed };
    } catch {
        // Bits that belong to no byte are set.
        return undefined;
    }
}

/**
 * The text of an encrypted value of the field `name`, for whom holds the key of 32 bytes. Works in browsers and Node.
 * Throws MKT_CORE__LOG_VALUE_NOT_DECRYPTED for another key, another field or a changed value.
 *
 * @example const collection = await decryptLogValue({ key, name: 's-ccid', value: record['s-ccid'] ?? '' });
 */
export async function decryptLogValue(input: { key: Uint8Array; name: string; value: string }): Promise<string> {
    const { key, name, value } = input;
    const parsed = parseEncryptedLogValue(value);
    if (parsed === undefined) throw new MarketplaceError('MKT_CORE__LOG_VALUE_NOT_DECRYPTED', { name });
    try {
        const { subtle } = globalThis.crypto;
        const imported = await subtle.importKey('raw', Uint8Array.from(key), 'AES-GCM', false, ['decrypt']);
        const iv = Uint8Array.from(parsed.sealed.subarray(0, NONCE_BYTES));
        const additionalData = Uint8Array.from(utf8(`${LOG_ENCRYPTION_DOMAIN}${name}`));
        const sealed = Uint8Array.from(parsed.sealed.subarray(NONCE_BYTES));
        const text = await subtle.decrypt({ name: 'AES-GCM', iv, additionalData }, imported, sealed);
        return fromUtf8(new Uint8Array(text));
    } catch (cause) {
        throw new MarketplaceError('MKT_CORE__LOG_VALUE_NOT_DECRYPTED', { name, keyId: parsed.keyId }, { cause });
    }
}
