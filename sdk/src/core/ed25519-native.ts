import { fromHex, toBase64 } from './bytes.js';

type Key = { kty: 'OKP'; crv: 'Ed25519'; x: string };
interface NodeCrypto {
    verify(algorithm: null, message: Uint8Array, key: { key: Key; format: 'jwk' }, signature: Uint8Array): boolean;
}
type Host = { process?: { getBuiltinModule?: (name: string) => NodeCrypto | undefined } };
export type Verifier = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;

const BYTES = 32;
/** RFC 8032 7.1, test 1: a signature of the empty message. */
const GOOD = {
    publicKey: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    signature:
        'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    message: '',
};
/** Only a check with cofactor accepts it: the key is an honest one and a point of order 8. */
const COFACTOR_ONLY = {
    publicKey: '2043e9e419b3bcfd0a9bbc00d6330c95df8a41e5e059800ed94a9cea0a97e3c7',
    signature:
        '9902023927de8e064113e230b3a755ef8ed5b28275852d11fb717f431a6d570dff661df313461dd1dd0c15a701c05694b63505eb372d56d063742a861ea1f109',
    message: '00',
};

/** Verification by Node's OpenSSL, or null: in browsers, and where it does not do what is expected of it. */
export const nativeVerify: Verifier | null = findVerifier();

/**
 * OpenSSL reduces a key's coordinate, takes x = 0 with either sign, and knows no small order; it compares the commitment byte by
 * byte. What it accepts and this admits, the portable check and the chain's strict one accept too.
 */
export function isStrictForm(publicKey: Uint8Array, signature: Uint8Array): boolean {
    return isStrictPoint(publicKey, 0) && isStrictPoint(signature, 0) && isBelow(signature, BYTES, ORDER, 0xff);
}

/** Order of the base point, and of the field: little-endian. */
const ORDER = fromHex('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010');
const FIELD = fromHex('edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f');
/** Coordinates of the eight points of small order; each stands for either sign, which takes in x = 0 with the sign set. */
const SMALL_ORDER = [
    '0000000000000000000000000000000000000000000000000000000000000000',
    '0100000000000000000000000000000000000000000000000000000000000000',
    'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
].map((digits) => fromHex(digits));

/** Whether 32 bytes from `start` are the one encoding of a coordinate, and no point of small order. */
function isStrictPoint(bytes: Uint8Array, start: number): boolean {
    return isBelow(bytes, start, FIELD, 0x7f) && !SMALL_ORDER.some((point) => isSameCoordinate(bytes, start, point));
}

function isSameCoordinate(bytes: Uint8Array, start: number, point: Uint8Array): boolean {
    let difference = ((bytes[start + BYTES - 1] as number) ^ (point[BYTES - 1] as number)) & 0x7f;
    for (let index = 0; index < BYTES - 1 && difference === 0; index++) {
        difference = (bytes[start + index] as number) ^ (point[index] as number);
    }
    return difference === 0;
}

/** Whether 32 little-endian bytes from `start`, the last under `mask`, are less than `limit`. */
function isBelow(bytes: Uint8Array, start: number, limit: Uint8Array, mask: number): boolean {
    for (let index = BYTES - 1; index >= 0; index--) {
        const own = (bytes[start + index] as number) & (index === BYTES - 1 ? mask : 0xff);
        const other = limit[index] as number;
        if (own !== other) return own < other;
    }
    return false;
}

function findVerifier(): Verifier | null {
    const verify = (globalThis as Host).process?.getBuiltinModule?.('node:crypto')?.verify;
    if (verify === undefined) return null;
    const run: Verifier = (publicKey, message, signature) => {
        // Of all forms of a key this one is read fastest.
        const x = toBase64(publicKey).slice(0, -1).replaceAll('+', '-').replaceAll('/', '_');
        return verify(null, message, { key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' }, signature);
    };
    const tryOn = ({ publicKey, signature, message }: typeof GOOD): boolean =>
        run(fromHex(publicKey), fromHex(message), fromHex(signature));
    try {
        return tryOn(GOOD) && !tryOn(COFACTOR_ONLY) ? run : null;
    } catch {
        return null;
    }
}
