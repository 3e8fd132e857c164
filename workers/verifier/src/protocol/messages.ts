import { domain, equalBytes, sha256, toHex } from './bytes.js';

/** TOKEN, RECEIPT and LEAF of protocol 6.4, read anew from its table of offsets. */
export const TOKEN_BYTES = 160;
export const RECEIPT_BYTES = 112;
export const LEAF_BYTES = 112;
const TOKEN_DOMAIN = domain('OCM/token/v1');
const RECEIPT_DOMAIN = domain('OCM/rcpt/v1');
const FLAG_MULTICAST = 1;

export type Token = {
    hash: Uint8Array;
    contract: Uint8Array;
    clusterTag: number;
    epoch: number;
    node: Uint8Array;
    clientKey: Uint8Array;
    maxBytes: bigint;
    notBeforeSecs: number;
    notAfterSecs: number;
    clientGroup: number;
    isMulticast: boolean;
};
export type Receipt = { hash: Uint8Array; tokenHash: Uint8Array; objects: number; bytes: bigint; lastMs: bigint };
export type Leaf = {
    hash: Uint8Array;
    tokenHash: Uint8Array;
    bytes: bigint;
    objects: number;
    receiptHash: Uint8Array;
    logRoot: Uint8Array;
};

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

/** Null for bytes that are no token: wrong length or domain, unknown flags, reserved bytes in use. */
export function decodeToken(bytes: Uint8Array): Token | null {
    if (bytes.length !== TOKEN_BYTES || !equalBytes(bytes.subarray(0, 16), TOKEN_DOMAIN)) return null;
    const view = viewOf(bytes);
    const flags = view.getUint16(156, true);
    if ((flags & ~FLAG_MULTICAST) !== 0 || view.getUint16(158, true) !== 0) return null;
    return {
        hash: sha256(bytes),
        contract: bytes.subarray(16, 48),
        clusterTag: view.getUint32(48, true),
        epoch: view.getUint32(52, true),
        node: bytes.subarray(72, 104),
        clientKey: bytes.subarray(104, 136),
        maxBytes: view.getBigUint64(136, true),
        notBeforeSecs: view.getUint32(144, true),
        notAfterSecs: view.getUint32(148, true),
        clientGroup: view.getUint32(152, true),
        isMulticast: flags === FLAG_MULTICAST,
    };
}

/** Null for bytes that are no receipt. */
export function decodeReceipt(bytes: Uint8Array): Receipt | null {
    if (bytes.length !== RECEIPT_BYTES || !equalBytes(bytes.subarray(0, 16), RECEIPT_DOMAIN)) return null;
    const view = viewOf(bytes);
    return {
        hash: sha256(bytes),
        tokenHash: bytes.subarray(16, 48),
        objects: view.getUint32(52, true),
        bytes: view.getBigUint64(56, true),
        lastMs: view.getBigUint64(64, true),
    };
}

/** Null for bytes that are no leaf: one without bytes covers no target. */
export function decodeLeaf(bytes: Uint8Array): Leaf | null {
    if (bytes.length !== LEAF_BYTES) return null;
    const view = viewOf(bytes);
    const delivered = view.getBigUint64(32, true);
    if (delivered === 0n || toHex(bytes.subarray(45, 48)) !== '000000') return null;
    return {
        hash: sha256(Uint8Array.of(0), bytes),
        tokenHash: bytes.subarray(0, 32),
        bytes: delivered,
        objects: view.getUint32(40, true),
        receiptHash: bytes.subarray(48, 80),
        logRoot: bytes.subarray(80, 112),
    };
}
