import { generateKeyPair, sign, toBase64 } from '@ocm/sdk/core';
import { encodeDeviceProof } from '@ocm/sdk/http';
import { PublicKey } from '@solana/web3.js';
import { NOW_MS } from './routing-support.js';
import { named } from './support.js';

export const key = generateKeyPair();
export const CAST = named('cast').address;
export const BEACON = named('beacon').address;
export const NEIGHBOUR = named('neighbour').address;
export const PUBLIC = '100.64.7.9';
export const beacon = { node: BEACON, host: PUBLIC, port: 7000, key: new PublicKey(key.publicKey).toBase58() };

export function proofOf(change: Record<string, unknown> = {}, seed = key.secretSeed, cast = CAST) {
    const fields = { beacon: BEACON, host: '192.168.1.20', port: 8080, timestampMs: NOW_MS, ...change };
    return { ...fields, signature: toBase64(sign(seed, encodeDeviceProof({ ...fields, cast }))) };
}
