import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import {
    encodeReceipt,
    encodeToken,
    hashToken,
    publicKeyOf,
    sha256,
    sign as signMessage,
    toBase64,
    toHex,
    utf8,
} from '@ocm/sdk/core';
import { PublicKey } from '@solana/web3.js';

/** Some forty minutes of segments of four seconds. */
export const RECORDS_PER_SESSION = 500;
export const OBJECT_BYTES = 1_500_000;
const START_SECS = 1_700_000_000;
export const START_MS = START_SECS * 1000;
export const CONTRACT = new PublicKey(Buffer.alloc(32, 7));
export const NODE = new PublicKey(Buffer.alloc(32, 9));
export const CLUSTER_TAG = 1;
/** The same in every process of a measurement; it signs nothing that is worth anything. */
const ISSUER_SEED = sha256(utf8('issuer of the benchmark'));
export const ISSUER = new PublicKey(publicKeyOf(ISSUER_SEED));
export const EPOCH_SECS = 3_600;

export interface BenchSession {
    hash: string;
    tokenHash: Uint8Array;
    token: string;
    tokenSignature: string;
}
export interface Client {
    privateKey: KeyObject;
    publicKey: KeyObject;
    publicKeyBytes: Uint8Array;
}

export function createClient(): Client {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const publicKeyBytes = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
    return { privateKey, publicKey, publicKeyBytes };
}

export function createSession({ publicKeyBytes }: Client, index: number): BenchSession {
    const token = encodeToken({
        contract: CONTRACT.toBytes(),
        clusterTag: CLUSTER_TAG,
        epoch: 0,
        tokenId: randomBytes(16),
        node: NODE.toBytes(),
        clientPublicKey: publicKeyBytes,
        maxBytes: BigInt(RECORDS_PER_SESSION) * BigInt(OBJECT_BYTES),
        notBeforeSecs: START_SECS,
        notAfterSecs: START_SECS + EPOCH_SECS,
        clientGroup: 1 + (index % 8),
        flags: 0,
    });
    const tokenHash = hashToken(token);
    const tokenSignature = toBase64(signMessage(ISSUER_SEED, token));
    return { hash: toHex(tokenHash), tokenHash, token: toBase64(token), tokenSignature };
}

/** A receipt of everything that the session was served, with its client's signature. */
export function signReceipt({ privateKey }: Client, { tokenHash }: BenchSession, seq: number) {
    const body = encodeReceipt({
        tokenHash,
        seq,
        objects: RECORDS_PER_SESSION,
        bytes: BigInt(RECORDS_PER_SESSION) * BigInt(OBJECT_BYTES),
        lastMs: BigInt(START_MS) + 60_000n,
        ttfbP95Ms: 40,
        stallCentisecs: 0,
        errors: 0,
        accumulator: new Uint8Array(32),
    });
    const signature = sign(null, body, privateKey);
    return { body, signature, receipt: toBase64(body), receiptSignature: toBase64(signature) };
}
