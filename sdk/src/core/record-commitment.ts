import { concatBytes, equalBytes } from './bytes.js';
import { MarketplaceError } from './error.js';
import { assertLength, assertUint, domain, encodeU64 } from './fields.js';
import { HASH_BYTES, hmacSha256, prepareHmacSha256, sha256 } from './hash.js';
import { verifyAuditPath } from './record-tree.js';

export const FIELD_SALT_BYTES = 16;
/** No field of a log record is longer: bounds what a disclosure can make a verifier hash. */
export const MAX_FIELD_VALUE_BYTES = 65_536;
export const RECORD_DOMAIN = domain('OCM/rec/v1');
export const COMMITMENT_PREFIX = 0x20;
/** Prefix, salt, u16 field id and u32 length. Lengths end below 2^24, so the last byte is always zero. */
export const COMMITMENT_HEADER_BYTES = 1 + FIELD_SALT_BYTES + 6;
const encoder = new TextEncoder();

/** One field of a record with the salt that hides it. `value` is exactly the text in the RFC 7937 record. */
export interface SaltedField {
    readonly salt: Uint8Array;
    readonly fieldId: number;
    readonly value: Uint8Array | string;
}

/**
 * `HMAC-SHA256(epochKey, dom "OCM/rec/v1" | u64 seq)`, 32 bytes (security 3.3). Once the epoch key is erased, its
 * commitments can be linked to nothing while the settlement proof still verifies.
 */
export function deriveRecordKey(epochKey: Uint8Array, seq: bigint | number): Uint8Array {
    assertLength('epochKey', epochKey, HASH_BYTES);
    if (typeof seq === 'number' && !Number.isSafeInteger(seq)) {
        throw new MarketplaceError('MKT_CORE__FIELD_OUT_OF_RANGE', { field: 'seq', value: seq });
    }
    return hmacSha256(epochKey, RECORD_DOMAIN, encodeU64(BigInt(seq)));
}

/** `HMAC-SHA256(recordKey, u16 fieldId)[0..16]` (security 3.3). */
export function deriveFieldSalt(recordKey: Uint8Array, fieldId: number): Uint8Array {
    return deriveFieldSalts(recordKey, [fieldId])[0] as Uint8Array;
}

/** {@link deriveFieldSalt} of all fields of a record: its key is prepared once. */
export function deriveFieldSalts(recordKey: Uint8Array, fieldIds: readonly number[]): Uint8Array[] {
    assertLength('recordKey', recordKey, HASH_BYTES);
    const mac = prepareHmacSha256(recordKey);
    return fieldIds.map((fieldId) => {
        assertUint('fieldId', fieldId, 16);
        return mac(Uint8Array.of(fieldId & 0xff, fieldId >> 8)).subarray(0, FIELD_SALT_BYTES);
    });
}

/** `SHA256(0x20 | salt | u16 fieldId | u32 length | value)` (security 3.3). Throws MKT_CORE__FIELD_*, MKT_CORE__LOG_VALUE_TOO_LONG. */
export function commitField(salt: Uint8Array, fieldId: number, value: Uint8Array | string): Uint8Array {
    const bytes = typeof value === 'string' ? encoder.encode(value) : value;
    if (bytes.length > MAX_FIELD_VALUE_BYTES) {
        throw new MarketplaceError('MKT_CORE__LOG_VALUE_TOO_LONG', { fieldId, bytes: bytes.length });
    }
    assertLength('salt', salt, FIELD_SALT_BYTES);
    assertUint('fieldId', fieldId, 16);
    const header = new Uint8Array(COMMITMENT_HEADER_BYTES);
    header[0] = COMMITMENT_PREFIX;
    header.set(salt, 1);
    header[17] = fieldId;
    header[18] = fieldId >> 8;
    header[19] = bytes.length;
    header[20] = bytes.length >> 8;
    header[21] = bytes.length >> 16;
    return sha256(header, bytes);
}

/** `record_data`: the field commitments in the order of the `fields` directive. It is one entry of the session's log tree. */
export function encodeRecord(fields: readonly SaltedField[]): Uint8Array {
    const record = new Uint8Array(fields.length * HASH_BYTES);
    for (let i = 0; i < fields.length; i++) {
        const { salt, fieldId, value } = fields[i] as SaltedField;
        record.set(commitField(salt, fieldId, value), i * HASH_BYTES);
    }
    return record;
}

/** What shows one field of one record and nothing else of it. */
export interface FieldDisclosure {
    readonly logRoot: Uint8Array;
    readonly recordIndex: number;
    readonly recordCount: number;
    readonly path: readonly Uint8Array[];
    /** All field commitments of the record, in order. */
    readonly commitments: readonly Uint8Array[];
    /** Which of them is disclosed. */
    readonly position: number;
    readonly field: SaltedField;
}

/** Verifies a disclosed field against the log root of a session's leaf; malformed input is just not valid. */
export function verifyFieldDisclosure(disclosure: FieldDisclosure): boolean {
    const { commitments, position, field, logRoot, recordIndex, recordCount, path } = disclosure;
    try {
        const expected = commitments[position];
        if (expected === undefined || commitments.some((commitment) => commitment.length !== HASH_BYTES)) return false;
        if (!equalBytes(commitField(field.salt, field.fieldId, field.value), expected)) return false;
        const entry = concatBytes(...commitments);
        return verifyAuditPath({ root: logRoot, index: recordIndex, size: recordCount, entry, path });
    } catch {
        return false;
    }
}
