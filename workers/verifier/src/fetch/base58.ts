const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** Bytes of base58 text; nothing for text that is none. RPC nodes give inner instructions in it. */
export function fromBase58(text: string): Uint8Array {
    let value = 0n;
    for (const letter of text) {
        const digit = ALPHABET.indexOf(letter);
        if (digit < 0) return new Uint8Array();
        value = value * 58n + BigInt(digit);
    }
    const zeros = /^1*/.exec(text)?.[0].length ?? 0;
    const hex = value === 0n ? '' : value.toString(16);
    return Buffer.concat([new Uint8Array(zeros), Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex')]);
}
