import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { equalBytes, utf8 } from './bytes.js';
import { isMarketplaceError } from './error.js';
import {
    decryptLogValue,
    formatEncryptedLogValue,
    LOG_ENCRYPTION_DOMAIN,
    parseEncryptedLogValue,
} from './log-encryption.js';
import { decodeLogValue, encodeLogValue } from './log-value.js';

const key = new Uint8Array(32).fill(5);
const keyIds = fc.stringMatching(/^[A-Za-z0-9_-]{1,32}$/);

/** As any other implementation of AES-256-GCM would do it. */
async function encrypt(name: string, text: string, nonce: Uint8Array): Promise<Uint8Array> {
    const imported = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt']);
    const additionalData = Uint8Array.from(utf8(`${LOG_ENCRYPTION_DOMAIN}${name}`));
    const algorithm = { name: 'AES-GCM', iv: Uint8Array.from(nonce), additionalData };
    const sealed = await crypto.subtle.encrypt(algorithm, imported, Uint8Array.from(utf8(text)));
    return Uint8Array.from([...nonce, ...new Uint8Array(sealed)]);
}

describe('encrypted log values', () => {
    it('pass through a log record and are read by whom has the key', async () => {
        const nonces = fc.uint8Array({ minLength: 12, maxLength: 12 });
        await fc.assert(
            fc.asyncProperty(keyIds, nonces, fc.string({ unit: 'grapheme' }), async (keyId, nonce, text) => {
                const value = formatEncryptedLogValue(keyId, await encrypt('s-ccid', text, nonce));
                const inRecord = decodeLogValue('s-ccid', encodeLogValue('s-ccid', value)) ?? '';
                expect(parseEncryptedLogValue(inRecord)?.keyId).toBe(keyId);
                expect(await decryptLogValue({ key, name: 's-ccid', value: inRecord })).toBe(text);
            }),
        );
    });

    it('are parsed to the bytes that they were made of', () => {
        fc.assert(
            fc.property(keyIds, fc.uint8Array({ minLength: 28, maxLength: 300 }), (keyId, sealed) => {
                const parsed = parseEncryptedLogValue(formatEncryptedLogValue(keyId, sealed));
                expect(parsed?.keyId).toBe(keyId);
                expect(equalBytes(parsed?.sealed ?? new Uint8Array(), sealed)).toBe(true);
            }),
        );
    });

    it('open for no other field, key or text, and every refusal is a MarketplaceError', async () => {
        const value = formatEncryptedLogValue('k1', await encrypt('s-ccid', '/films/', new Uint8Array(12)));
        const refused = [
            { key, name: 's-sid', value },
            { key: new Uint8Array(32), name: 's-ccid', value },
            { key: new Uint8Array(31), name: 's-ccid', value },
            ...Array.from(value.slice(4), (character, place) => ({
                key,
                name: 's-ccid',
                value: value.slice(0, 4 + place) + (character === 'A' ? 'B' : 'A') + value.slice(5 + place),
            })),
        ];
        for (const input of refused) await expect(decryptLogValue(input)).rejects.toSatisfy(isMarketplaceError);
        for (const text of ['', '-', '/films/', '!k1!', '!k1!AAAA', '!!AAAA', `!k 1!${value.slice(4)}`, `${value}=`]) {
            expect(parseEncryptedLogValue(text), text).toBeUndefined();
        }
    });
});
