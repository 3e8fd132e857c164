/** Longest text of an address with a zone; anything longer is none. */
const MAX_TEXT = 64;
const GROUPS = 8;
const COLON = 58;
const DOT = 46;
const NO_DIGIT = 255;
/** Value of each hexadecimal digit by character code. */
const HEX = new Uint8Array(128).fill(NO_DIGIT);
for (const [value, digit] of [...'0123456789abcdef'].entries()) {
    HEX[digit.charCodeAt(0)] = value;
    HEX[digit.toUpperCase().charCodeAt(0)] = value;
}

/** An address as 32-bit words, the first bit highest; IPv4 has one word. Kept and filled again: no lookup allocates. */
export class AddressBits {
    family: 4 | 6 = 4;
    readonly words = new Int32Array(4);
}
const groups = new Uint16Array(GROUPS);

/**
 * Reads an address in any form of RFC 4291 2.2, or a dotted quad without leading zeros (RFC 6943 3.1.1). A zone is ignored;
 * an IPv4-mapped address is the IPv4 address, as sockets of both families report it. False if the text is no address.
 */
export function parseAddressInto(text: string, out: AddressBits): boolean {
    if (text.length > MAX_TEXT) return false;
    if (text.indexOf(':') < 0) {
        const value = readIpv4(text, 0, text.length);
        if (value < 0) return false;
        out.family = 4;
        out.words.fill(0);
        out.words[0] = value;
        return true;
    }
    const zone = text.indexOf('%');
    if (zone === text.length - 1) return false;
    if (!readIpv6(text, zone < 0 ? text.length : zone)) return false;
    const { words } = out;
    for (let i = 0; i < 4; i += 1) words[i] = (groups[2 * i]! << 16) | groups[2 * i + 1]!;
    out.family = words[0] === 0 && words[1] === 0 && words[2] === 0xffff ? 4 : 6;
    if (out.family === 4) {
        words[0] = words[3]!;
        words.fill(0, 1);
    }
    return true;
}

/** The value of a dotted quad, or -1. */
function readIpv4(text: string, start: number, end: number): number {
    let value = 0;
    let octet = -1;
    let dots = 0;
    for (let at = start; at < end; at += 1) {
        const code = text.charCodeAt(at);
        if (code === DOT) {
            if (octet < 0 || dots === 3) return -1;
            value = value * 256 + octet;
            octet = -1;
            dots += 1;
            continue;
        }
        const digit = code - 48;
        if (digit < 0 || digit > 9 || octet === 0) return -1;
        octet = octet < 0 ? digit : octet * 10 + digit;
        if (octet > 255) return -1;
    }
    return dots === 3 && octet >= 0 ? value * 256 + octet : -1;
}

/** Fills `groups`. */
function readIpv6(text: string, end: number): boolean {
    let count = 0;
    let gap = -1;
    let at = 0;
    if (text.charCodeAt(0) === COLON) {
        if (text.charCodeAt(1) !== COLON) return false;
        gap = 0;
        at = 2;
    }
    while (at < end) {
        const start = at;
        const next = readGroup(text, at, end, count);
        if (next < 0) return false;
        if (next < end && text.charCodeAt(next) === DOT) {
            const quad = count > 6 ? -1 : readIpv4(text, start, end);
            if (quad < 0) return false;
            groups[count] = quad / 0x10000;
            groups[count + 1] = quad % 0x10000;
            count += 2;
            break;
        }
        count += 1;
        at = next + 1;
        if (next === end) break;
        if (text.charCodeAt(next) !== COLON || at === end) return false;
        if (text.charCodeAt(at) === COLON) {
            if (gap >= 0) return false;
            gap = count;
            at += 1;
        }
    }
    return gap < 0 ? count === GROUPS : spread(gap, count);
}

/** Reads one group into its place and returns where it ends, or -1. */
function readGroup(text: string, start: number, end: number, place: number): number {
    let value = 0;
    let at = start;
    for (; at < end; at += 1) {
        const code = text.charCodeAt(at);
        const digit = code < 128 ? HEX[code]! : NO_DIGIT;
        if (digit === NO_DIGIT) break;
        value = value * 16 + digit;
    }
    if (at === start || at - start > 4 || place >= GROUPS) return -1;
    groups[place] = value;
    return at;
}

/** Fills the gap that `::` stands for: at least one group (RFC 4291 2.2). */
function spread(gap: number, count: number): boolean {
    if (count >= GROUPS) return false;
    const missing = GROUPS - count;
    groups.copyWithin(gap + missing, gap, count);
    groups.fill(0, gap, gap + missing);
    return true;
}
