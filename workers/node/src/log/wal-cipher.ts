import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { failure } from '@ocm/runtime';

const CIPHER = 'aes-256-gcm';
const FORMAT = 0x01;
/** First byte of a JSON object: an entry of a journal from before entries were encrypted. */
const PLAIN = 0x7b;
const SALT_BYTES = 16;
const COUNTER_OFFSET = 1 + SALT_BYTES;
const BODY_OFFSET = COUNTER_OFFSET + 8;
const TAG_BYTES = 16;

/**
 * Journal entries at rest (security.md 3.2, P3): `0x01 | salt [16] | counter u64 | AES-256-GCM ciphertext and tag`. The key is
 * HKDF-SHA-256 of `K_epoch` with the salt, so erasing `K_epoch` erases the raw log. Each opening of a journal takes a fresh
 * salt and counts from zero: a write that a crash tore off never shares its nonce with the one that takes its place.
 */
export class WalCipher {
    readonly #epochKey: Uint8Array;
    readonly #salt = randomBytes(SALT_BYTES);
    readonly #writeKey: Buffer;
    #counter = 0n;
    #reading: { salt: Buffer; key: Buffer; counter: bigint } | null = null;

    constructor(epochKey: Uint8Array) {
        this.#epochKey = epochKey;
        this.#writeKey = this.#deriveKey(this.#salt);
    }

    seal(entry: Uint8Array): Uint8Array {
        const head = Buffer.allocUnsafe(BODY_OFFSET);
        head[0] = FORMAT;
        this.#salt.copy(head, 1);
        head.writeBigUInt64BE(this.#counter, COUNTER_OFFSET);
        const cipher = createCipheriv(CIPHER, this.#writeKey, nonceOf(this.#counter));
        this.#counter += 1n;
        return Buffer.concat([head, cipher.update(entry), cipher.final(), cipher.getAuthTag()]);
    }

    /** In the order of the journal. @throws MKT_NODE__JOURNAL_UNREADABLE */
    open(payload: Uint8Array): Uint8Array {
        const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
        if (bytes[0] === PLAIN && this.#reading === null) return payload;
        if (bytes[0] !== FORMAT || bytes.length < BODY_OFFSET + TAG_BYTES) throw unreadable();
        const salt = bytes.subarray(1, COUNTER_OFFSET);
        const counter = bytes.readBigUInt64BE(COUNTER_OFFSET);
        if (this.#reading === null || !this.#reading.salt.equals(salt)) {
            this.#reading = { salt: Buffer.from(salt), key: this.#deriveKey(salt), counter: -1n };
        }
        // Entries may be missing (a group that found no room), but none may be moved or repeated.
        if (counter <= this.#reading.counter) throw unreadable();
        this.#reading.counter = counter;
        const decipher = createDecipheriv(CIPHER, this.#reading.key, nonceOf(counter));
        decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
        try {
            const entry = decipher.update(bytes.subarray(BODY_OFFSET, -TAG_BYTES));
            // In this mode all has come by now: what is left to do is the check.
            decipher.final();
            return entry;
        } catch (error) {
            throw unreadable(error);
        }
    }

    #deriveKey(salt: Uint8Array): Buffer {
        return Buffer.from(hkdfSync('sha256', this.#epochKey, salt, 'OCM/wal/v1', 32));
    }
}

function nonceOf(counter: bigint): Buffer {
    const nonce = Buffer.alloc(12);
    nonce.writeBigUInt64BE(counter, 4);
    return nonce;
}

const unreadable = (cause?: unknown): Error =>
    failure(
        'MKT_NODE__JOURNAL_UNREADABLE',
        'an entry of the journal was not written with the epoch.key beside it; restore both from the same backup',
        {},
        cause,
    );
