import { COSIGN_BYTES } from './cosign.js';
import { RECEIPT_BYTES } from './receipt.js';
import { TOKEN_BYTES } from './token.js';

/** Length of the instruction data with a token and a receipt, and with one co-signature. */
export const ED25519_PAIR_BYTES = 494;
export const ED25519_COSIGN_BYTES = 240;

export const HEADER_BYTES = 2;
export const DESCRIPTOR_BYTES = 14;
/** Means "this very instruction". */
export const THIS_INSTRUCTION = 0xffff;

/** Where one signature, its key and its message lie. */
export interface Descriptor {
    readonly signature: number;
    readonly publicKey: number;
    readonly message: number;
    readonly messageLength: number;
}

export const PAIR: readonly [Descriptor, Descriptor] = [
    { signature: 62, publicKey: 30, message: 222, messageLength: TOKEN_BYTES },
    { signature: 158, publicKey: 126, message: 382, messageLength: RECEIPT_BYTES },
];
export const COSIGN: readonly [Descriptor] = [
    { signature: 48, publicKey: 16, message: 112, messageLength: COSIGN_BYTES },
];

/** What the Ed25519 program verifies before a proof of evidence. */
export interface Ed25519Pair {
    /** Signed the token. */
    readonly issuerKey: Uint8Array;
    readonly token: Uint8Array;
    /** Signed the receipt. */
    readonly clientKey: Uint8Array;
    readonly receipt: Uint8Array;
}

/** What the Ed25519 program verifies before a co-signature. */
export interface Ed25519Cosign {
    readonly publicKey: Uint8Array;
    readonly message: Uint8Array;
}
