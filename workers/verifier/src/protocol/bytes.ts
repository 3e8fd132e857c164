import { createHash } from 'node:crypto';

const encoder = new TextEncoder();

export const utf8 = (text: string): Uint8Array => encoder.encode(text);

export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
    const hash = createHash('sha256');
    for (const part of parts) hash.update(part);
    return hash.digest();
}

export const toHex = (bytes: Uint8Array): string =>
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');

export function fromHex(text: string): Uint8Array {
    return Uint8Array.from(Buffer.from(text, 'hex'));
}

export const toBase64 = (bytes: Uint8Array): string =>
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');

/** Null unless the text is the one spelling of its bytes: padding bits that say nothing would be slack. */
export function fromBase64(text: string): Uint8Array | null {
    const bytes = Buffer.from(text, 'base64');
    return bytes.toString('base64') === text ? Uint8Array.from(bytes) : null;
}

export const equalBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

/** Domain separator: ASCII, padded with zeros to 16 bytes (protocol 6.1). */
export function domain(name: string): Uint8Array {
    const bytes = new Uint8Array(16);
    bytes.set(utf8(name));
    return bytes;
}

export function u16(value: number): Uint8Array {
    return Uint8Array.of(value & 0xff, value >>> 8);
}

export function u32(value: number): Uint8Array {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, value, true);
    return bytes;
}

export function u64(value: bigint): Uint8Array {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, value, true);
    return bytes;
}
