import { crc32 } from 'node:zlib';
import { damaged } from './errors.js';

/** length u32 | CRC-32 of the length u32 | CRC-32 of the payload u32, all little-endian, then the payload. */
const HEADER_BYTES = 12;
/** Largest payload: one account of 10 MiB and its fields. */
const MAX_PAYLOAD_BYTES = 11 * 1024 * 1024;

export function encodeFrame(payload: Uint8Array): Buffer {
    const frame = Buffer.alloc(HEADER_BYTES + payload.length);
    frame.writeUInt32LE(payload.length, 0);
    frame.writeUInt32LE(crc32(frame.subarray(0, 4)), 4);
    frame.writeUInt32LE(crc32(payload), 8);
    frame.set(payload, HEADER_BYTES);
    return frame;
}

export interface ScannedFrames {
    readonly payloads: readonly Buffer[];
    /** Bytes of the file that are whole; what follows is the torn end of a write that was never answered. */
    readonly validBytes: number;
    readonly tornBytes: number;
}

/**
 * Reads frames one after another. A write cut short can only be the last one: that tail is left out. Anything wrong
 * before it means the medium or a person changed the file, and throws StateError: skipping it would lose answered work.
 */
export function scanFrames(file: string, data: Buffer, start: number): ScannedFrames {
    const payloads: Buffer[] = [];
    let offset = start;
    while (offset < data.length) {
        const length = readLength(file, data, offset);
        if (length === undefined) break;
        const end = offset + HEADER_BYTES + length;
        if (end > data.length) break;
        const payload = data.subarray(offset + HEADER_BYTES, end);
        if (crc32(payload) !== data.readUInt32LE(offset + 8)) {
            if (end === data.length) break;
            throw damaged(file, `checksum of the record at byte ${offset} does not match`);
        }
        payloads.push(payload);
        offset = end;
    }
    return { payloads, validBytes: offset, tornBytes: data.length - offset };
}

/** Payload length of the frame at `offset`, or undefined if the header itself is torn. */
function readLength(file: string, data: Buffer, offset: number): number | undefined {
    if (data.length - offset < HEADER_BYTES) return undefined;
    const length = data.readUInt32LE(offset);
    const isWhole = crc32(data.subarray(offset, offset + 4)) === data.readUInt32LE(offset + 4);
    if (isWhole && length <= MAX_PAYLOAD_BYTES) return length;
    // After a power cut file systems may leave zeros where the last write was to go.
    if (data.subarray(offset).every((byte) => byte === 0)) return undefined;
    throw damaged(file, `the record at byte ${offset} has no valid header`);
}
