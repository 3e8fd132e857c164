const P = 2n ** 255n - 19n;
/** −121665 / 121666 mod p (RFC 8032 section 5.1). */
const D = 37095705934669439343138083508754565189542113879843219016388785533085940283555n;

function power(base: bigint, exponent: bigint): bigint {
    let result = 1n;
    for (let square = base % P, rest = exponent; rest > 0n; rest >>= 1n) {
        if ((rest & 1n) === 1n) result = (result * square) % P;
        square = (square * square) % P;
    }
    return result;
}

/** Whether 32 bytes decompress to a point of Ed25519 (RFC 8032 section 5.1.3); program addresses must not. */
export function isOnCurve(bytes: Uint8Array): boolean {
    let y = 0n;
    for (let index = 31; index >= 0; index--) {
        const byte = bytes[index] ?? 0;
        y = (y << 8n) | BigInt(index === 31 ? byte & 0x7f : byte);
    }
    // Coordinates of p and above are reduced, as curve25519-dalek does.
    y %= P;
    const u = (y * y - 1n + P) % P;
    const v = (D * y * y + 1n) % P;
    const xSquared = (u * power(v, P - 2n)) % P;
    if (xSquared === 0n) return true;
    return power(xSquared, (P - 1n) / 2n) === 1n;
}
