import { crc32 } from 'node:zlib';

/**
 * File: `"OCMJRNL1" | salt [8]`, then records `magic u32 | group u32 | length u32 | crc u32 | payload` (little-endian).
 * The CRC-32 covers `salt | offset u64 | group | length | payload`: a payload that imitates a record (its bytes may come
 * from outside) does not pass for one, because it cannot know the salt.
 */
export const FILE_HEADER_BYTES = 16;
export const RECORD_HEADER_BYTES = 16;
export const MAX_PAYLOAD_BYTES = 1 << 20;
const FILE_MAGIC = Buffer.from('OCMJRNL1', 'ascii');
const RECORD_MAGIC = 0x524d434f; // "OCMR"

export type JournalRecord = { payload: Uint8Array; group: number; endOffset: number };

export function encodeFileHeader(salt: Uint8Array): Buffer {
    return Buffer.concat([FILE_MAGIC, salt]);
}

/** The salt, or null when this is no journal. */
export function decodeFileHeader(file: Buffer): Buffer | null {
    if (file.length < FILE_HEADER_BYTES || !file.subarray(0, 8).equals(FILE_MAGIC)) return null;
    return file.subarray(8, FILE_HEADER_BYTES);
}

export function encodeRecord(salt: Uint8Array, offset: number, group: number, payload: Uint8Array): Buffer {
    const record = Buffer.allocUnsafe(RECORD_HEADER_BYTES + payload.length);
    record.writeUInt32LE(RECORD_MAGIC, 0);
    record.writeUInt32LE(group >>> 0, 4);
    record.writeUInt32LE(payload.length, 8);
    record.set(payload, RECORD_HEADER_BYTES);
    record.writeUInt32LE(checksum(salt, offset, group >>> 0, payload), 12);
    return record;
}

/**
 * The record at `offset`, or null when there is no whole and unharmed one. With `base`, `file` is what the file holds from
 * there, and offsets count within it.
 */
export function decodeRecord(file: Buffer, salt: Uint8Array, offset: number, base = 0): JournalRecord | null {
    if (offset + RECORD_HEADER_BYTES > file.length || file.readUInt32LE(offset) !== RECORD_MAGIC) return null;
    const group = file.readUInt32LE(offset + 4);
    const length = file.readUInt32LE(offset + 8);
    const endOffset = offset + RECORD_HEADER_BYTES + length;
    if (length > MAX_PAYLOAD_BYTES || endOffset > file.length) return null;
    const payload = file.subarray(offset + RECORD_HEADER_BYTES, endOffset);
    if (file.readUInt32LE(offset + 12) !== checksum(salt, base + offset, group, payload)) return null;
    return { payload: new Uint8Array(payload), group, endOffset };
}

/** The first whole record after `offset`, if any: what tells a torn tail from damage in the middle. `base` as above. */
export function findRecordAfter(
    file: Buffer,
    salt: Uint8Array,
    offset: number,
    base = 0,
): { offset: number; group: number } | null {
    const magic = Buffer.alloc(4);
    magic.writeUInt32LE(RECORD_MAGIC);
    for (let at = file.indexOf(magic, offset + 1); at !== -1; at = file.indexOf(magic, at + 1)) {
        const record = decodeRecord(file, salt, at, base);
        if (record !== null) return { offset: at, group: record.group };
    }
    return null;
}

function checksum(salt: Uint8Array, offset: number, group: number, payload: Uint8Array): number {
    const head = Buffer.allocUnsafe(24);
    head.set(salt, 0);
    head.writeBigUInt64LE(BigInt(offset), 8);
    head.writeUInt32LE(group, 16);
    head.writeUInt32LE(payload.length, 20);
    return crc32(payload, crc32(head));
}
