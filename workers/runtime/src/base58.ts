const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** For signatures: they are longer than the 32 bytes that web3.js's `PublicKey` can spell. */
export function encodeBase58(bytes: Uint8Array): string {
    let value = 0n;
    let zeros = 0;
    for (const byte of bytes) {
        if (value === 0n && byte === 0) zeros += 1;
        value = (value << 8n) | BigInt(byte);
    }
    let text = '';
    for (; value > 0n; value /= 58n) text = `${ALPHABET[Number(value % 58n)]}${text}`;
    return '1'.repeat(zeros) + text;
}
