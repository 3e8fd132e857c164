import { MarketplaceError } from './error.js';

const HEX = '0123456789abcdef';
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** By character code; padding counts as zero. */
const BASE64_VALUES = Uint8Array.from({ length: 128 }, (_, code) =>
    Math.max(0, BASE64.indexOf(String.fromCharCode(code))),
);

/** Lowercase hexadecimal digits. */
export function toHex(bytes: Uint8Array): string {
    let text = '';
    for (const byte of bytes) text += HEX.charAt(byte >> 4) + HEX.charAt(byte & 15);
    return text;
}

/** Bytes of an even number of hexadecimal digits of either case. Throws MKT_CORE__HEX_INVALID. */
export function fromHex(text: string): Uint8Array {
    if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) {
        throw new MarketplaceError('MKT_CORE__HEX_INVALID', { length: text.length });
    }
    const bytes = new Uint8Array(text.length / 2);
    for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
    return bytes;
}

/** Standard base64 with padding (RFC 4648 section 4). */
export function toBase64(bytes: Uint8Array): string {
    let text = '';
    for (let i = 0; i < bytes.length; i += 3) {
        const left = bytes.length - i;
        const group = (byteAt(bytes, i) << 16) | (byteAt(bytes, i + 1) << 8) | byteAt(bytes, i + 2);
        text += BASE64.charAt(group >> 18) + BASE64.charAt((group >> 12) & 63);
        text += left > 1 ? BASE64.charAt((group >> 6) & 63) : '=';
        text += left > 2 ? BASE64.charAt(group & 63) : '=';
    }
    return text;
}

/** Strict reverse of {@link toBase64}: padding and zero trailing bits are required. Throws MKT_CORE__BASE64_INVALID. */
export function fromBase64(text: string): Uint8Array {
    if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) {
        throw new MarketplaceError('MKT_CORE__BASE64_INVALID', { length: text.length });
    }
    const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
    const bytes = new Uint8Array((text.length / 4) * 3 - padding);
    let group = 0;
    for (let i = 0, at = 0; i < text.length; i += 4) {
        group = 0;
        for (let j = i; j < i + 4; j++) group = (group << 6) | (BASE64_VALUES[text.charCodeAt(j)] as number);
        for (let shift = 16; shift >= 0 && at < bytes.length; shift -= 8) bytes[at++] = (group >> shift) & 255;
    }
    // Two texts for the same bytes would let one signature travel under two spellings.
    if ((group & ((1 << (8 * padding)) - 1)) !== 0) {
        throw new MarketplaceError('MKT_CORE__BASE64_INVALID', { length: text.length });
    }
    return bytes;
}

/** UTF-8 bytes of a text; lone surrogates become U+FFFD. */
export function utf8(text: string): Uint8Array {
    return new TextEncoder().encode(text);
}

/** Text of UTF-8 bytes. Throws MKT_CORE__UTF8_INVALID. */
export function fromUtf8(bytes: Uint8Array): string {
    try {
        return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch (cause) {
        throw new MarketplaceError('MKT_CORE__UTF8_INVALID', { bytes }, { cause });
    }
}

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
    const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
    let at = 0;
    for (const part of parts) {
        joined.set(part, at);
        at += part.length;
    }
    return joined;
}

/** Equality of public bytes. Not in constant time: never compare secrets with it. */
export function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
    return left.length === right.length && left.every((byte, i) => byte === right[i]);
}

/** Lexicographic order: negative, zero or positive. */
export function compareBytes(left: Uint8Array, right: Uint8Array): number {
    const length = Math.min(left.length, right.length);
    for (let i = 0; i < length; i++) {
        const difference = byteAt(left, i) - byteAt(right, i);
        if (difference !== 0) return difference;
    }
    return left.length - right.length;
}

function byteAt(bytes: Uint8Array, index: number): number {
    return bytes[index] ?? 0;
}
