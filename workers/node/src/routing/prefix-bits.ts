import { AddressBits, parseAddressInto } from './address.js';

export interface PrefixBits {
    bits: AddressBits;
    length: number;
}

/** Address and length of a CIDR prefix; bits after the prefix do not count. Null if the text is none. */
export function parsePrefixBits(text: string): PrefixBits | null {
    const slash = text.indexOf('/');
    const digits = text.slice(slash + 1);
    const bits = new AddressBits();
    if (slash < 0 || !/^(?:0|[1-9][0-9]{0,2})$/.test(digits)) return null;
    if (text.includes('%') || !parseAddressInto(text.slice(0, slash), bits)) return null;
    const length = Number(digits);
    if (bits.family === 6) return length > 128 ? null : { bits, length };
    if (!text.includes(':')) return length > 32 ? null : { bits, length };
    return mappedPrefix(bits, length);
}

/** Of `::ffff:0:0/96` only what is inside is IPv4; a wider prefix is one of IPv6. */
function mappedPrefix(bits: AddressBits, length: number): PrefixBits | null {
    if (length > 128) return null;
    if (length >= 96) return { bits, length: length - 96 };
    bits.family = 6;
    bits.words.set([0, 0, 0xffff, bits.words[0]!]);
    return { bits, length };
}
