import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { failure } from '@ocm/runtime';
import { fromHex, HASH_BYTES, toHex } from '@ocm/sdk/core';
import { epochHead, LEAF_BYTES, RECEIPT_BYTES, SIGNATURE_BYTES, TOKEN_BYTES } from '@ocm/sdk/http';
import { z } from 'zod';

/** What is made of a sealed journal once, so that pages cost what they hold: sessions by token hash, and where records lie. */
export const headPath = (folder: string): string => join(folder, 'evidence.json');
export const sessionsPath = (folder: string): string => join(folder, 'evidence.sessions');
export const placesPath = (folder: string): string => join(folder, 'evidence.places');

/** Written last: while it is missing there is no evidence yet. */
export const evidenceHead = epochHead
    .pick({ unreceiptedBytes: true, sla: true })
    .extend({ sessions: z.number().int().nonnegative(), records: z.number().int().nonnegative() });
export type EvidenceHead = z.infer<typeof evidenceHead>;

/** A session with a receipt. */
export interface SessionRow {
    /** Hexadecimal hash of its token; rows ascend by it. */
    key: string;
    token: Buffer;
    tokenSignature: Buffer;
    receipt: Buffer;
    receiptSignature: Buffer;
    leaf: Buffer;
    recordCount: number;
    /** Of the places, that of the session's first record; those of the others follow. */
    firstPlace: number;
    /** Its group is large enough to be named in its records. */
    isGroupNamed: boolean;
}
type Part = 'token' | 'tokenSignature' | 'receipt' | 'receiptSignature' | 'leaf';
const PARTS: readonly (readonly [Part, number])[] = [
    ['token', TOKEN_BYTES],
    ['tokenSignature', SIGNATURE_BYTES],
    ['receipt', RECEIPT_BYTES],
    ['receiptSignature', SIGNATURE_BYTES],
    ['leaf', LEAF_BYTES],
];
const COUNTS_OFFSET = PARTS.reduce((sum, [, bytes]) => sum + bytes, HASH_BYTES);
const CRC_OFFSET = COUNTS_OFFSET + 4 + 6 + 1;
export const ROW_BYTES = CRC_OFFSET + 4;

export function encodeRow(row: SessionRow): Buffer {
    const bytes = Buffer.alloc(ROW_BYTES);
    bytes.set(fromHex(row.key), 0);
    let at = HASH_BYTES;
    for (const [part, length] of PARTS) {
        bytes.set(row[part], at);
        at += length;
    }
    bytes.writeUInt32BE(row.recordCount, at);
    bytes.writeUIntBE(row.firstPlace, at + 4, 6);
    bytes.writeUInt8(row.isGroupNamed ? 1 : 0, at + 10);
    bytes.writeUInt32BE(crc32(bytes.subarray(0, CRC_OFFSET)), CRC_OFFSET);
    return bytes;
}

/** @throws MKT_NODE__EVIDENCE_DAMAGED */
export function decodeRow(bytes: Buffer): SessionRow {
    if (bytes.length !== ROW_BYTES || bytes.readUInt32BE(CRC_OFFSET) !== crc32(bytes.subarray(0, CRC_OFFSET))) {
        throw damaged();
    }
    let at = HASH_BYTES;
    const take = (length: number): Buffer => {
        at += length;
        return bytes.subarray(at - length, at);
    };
    const parts = Object.fromEntries(PARTS.map(([part, length]) => [part, take(length)])) as Record<Part, Buffer>;
    return {
        key: toHex(bytes.subarray(0, HASH_BYTES)),
        ...parts,
        recordCount: bytes.readUInt32BE(at),
        firstPlace: bytes.readUIntBE(at + 4, 6),
        isGroupNamed: bytes.readUInt8(at + 10) === 1,
    };
}

/** Where a record lies in the journal. */
export interface RecordPlace {
    /** Of its group. */
    offset: number;
    /** Number of the entry within the group. */
    position: number;
    /** Number of the record within the epoch. */
    seq: number;
    /** Its leaf hash in its session's log tree. */
    hash: Uint8Array;
}
export const PLACE_BYTES = 6 + 6 + 4 + HASH_BYTES;

export function encodePlace({ offset, position, seq, hash }: RecordPlace): Buffer {
    const bytes = Buffer.allocUnsafe(PLACE_BYTES);
    bytes.writeUIntBE(offset, 0, 6);
    bytes.writeUIntBE(seq, 6, 6);
    bytes.writeUInt32BE(position, 12);
    bytes.set(hash, 16);
    return bytes;
}

export const decodePlace = (bytes: Buffer, index: number): RecordPlace => {
    const at = index * PLACE_BYTES;
    return {
        offset: bytes.readUIntBE(at, 6),
        seq: bytes.readUIntBE(at + 6, 6),
        position: bytes.readUInt32BE(at + 12),
        hash: bytes.subarray(at + 16, at + PLACE_BYTES),
    };
};

export const damaged = (): Error =>
    failure('MKT_NODE__EVIDENCE_DAMAGED', 'the evidence made of a journal is damaged; it is made again of the journal');
