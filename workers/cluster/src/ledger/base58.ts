const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const VALUES = new Int8Array(128).fill(-1);
for (let index = 0; index < ALPHABET.length; index++) VALUES[ALPHABET.charCodeAt(index)] = index;

/** Five digits make one limb: 58^5 times 2^16 still fits the 53 exact bits of a number. */
const DIGITS_PER_LIMB = 5;
const LIMB = 58 ** DIGITS_PER_LIMB;
const WORD = 65_536;

/**
 * Bytes to base58 (Bitcoin alphabet), two bytes and five digits at a time. Addresses are encoded in every answer; the
 * usual byte-and-digit loop takes ten times as long and was most of the time of listing a program's accounts.
 */
export function encodeBase58(bytes: Uint8Array): string {
    let zeros = 0;
    while (zeros < bytes.length && bytes[zeros] === 0) zeros++;
    const limbs: number[] = [];
    let offset = zeros;
    if ((bytes.length - zeros) % 2 === 1) limbs.push(bytes[offset++] ?? 0);
    for (; offset < bytes.length; offset += 2) {
        let carry = ((bytes[offset] ?? 0) << 8) | (bytes[offset + 1] ?? 0);
        for (let index = 0; index < limbs.length; index++) {
            const value = (limbs[index] ?? 0) * WORD + carry;
            carry = Math.floor(value / LIMB);
            limbs[index] = value - carry * LIMB;
        }
        if (carry > 0) limbs.push(carry);
    }
    let digits = '';
    for (let limb of limbs) {
        for (let digit = 0; digit < DIGITS_PER_LIMB; digit++) {
            digits = `${ALPHABET[limb % 58]}${digits}`;
            limb = Math.floor(limb / 58);
        }
    }
    let start = 0;
    while (digits[start] === '1') start++;
    return '1'.repeat(zeros) + digits.slice(start);
}

/** Base58 to bytes, or undefined if a character is not of the alphabet. Time grows with the square of the length. */
export function decodeBase58Unsafe(text: string): Uint8Array | undefined {
    let zeros = 0;
    while (zeros < text.length && text[zeros] === '1') zeros++;
    const words: number[] = [];
    for (let offset = zeros; offset < text.length; ) {
        const group = Math.min((text.length - offset) % DIGITS_PER_LIMB || DIGITS_PER_LIMB, text.length - offset);
        let carry = 0;
        for (let digit = 0; digit < group; digit++) {
            const value = VALUES[text.charCodeAt(offset + digit)] ?? -1;
            if (value < 0) return undefined;
            carry = carry * 58 + value;
        }
        const factor = 58 ** group;
        for (let index = 0; index < words.length; index++) {
            const value = (words[index] ?? 0) * factor + carry;
            carry = Math.floor(value / WORD);
            words[index] = value - carry * WORD;
        }
        for (; carry > 0; carry = Math.floor(carry / WORD)) words.push(carry % WORD);
        offset += group;
    }
    const top = words.at(-1);
    const length = top === undefined ? 0 : words.length * 2 - (top < 256 ? 1 : 0);
    const bytes = new Uint8Array(zeros + length);
    for (let index = 0; index < length; index++) {
        const word = words[index >> 1] ?? 0;
        bytes[bytes.length - 1 - index] = (index & 1) === 0 ? word & 0xff : word >> 8;
    }
    return bytes;
}
