import { domain, FieldWriter, openMessage } from './fields.js';
import { HASH_BYTES } from './hash.js';

/** Encoded length of a session proof. */
export const SESSION_PROOF_BYTES = 88;
const DOMAIN = domain('OCM/sess/v1');

/** What a client signs to show a node that it holds the key of its token: a stolen token alone opens nothing. */
export interface SessionProof {
    readonly tokenHash: Uint8Array;
    readonly node: Uint8Array;
    /** Unix milliseconds of the client's clock. */
    readonly timestampMs: bigint;
}

/** `dom | token_hash | node | timestamp_ms u64`, 88 bytes. Throws MKT_CORE__FIELD_*. */
export function encodeSessionProof(proof: SessionProof): Uint8Array {
    return new FieldWriter(SESSION_PROOF_BYTES)
        .bytes('domain', DOMAIN, DOMAIN.length)
        .bytes('tokenHash', proof.tokenHash, HASH_BYTES)
        .bytes('node', proof.node, HASH_BYTES)
        .u64('timestampMs', proof.timestampMs)
        .finish();
}

/** Throws MKT_CORE__MESSAGE_LENGTH_WRONG, MKT_CORE__MESSAGE_DOMAIN_WRONG. */
export function decodeSessionProof(bytes: Uint8Array): SessionProof {
    const reader = openMessage('session proof', bytes, SESSION_PROOF_BYTES, DOMAIN);
    return { tokenHash: reader.bytes(HASH_BYTES), node: reader.bytes(HASH_BYTES), timestampMs: reader.u64() };
}
