import { MarketplaceError } from './error.js';
import { domain, FieldWriter, openMessage } from './fields.js';
import { HASH_BYTES, sha256 } from './hash.js';

/** Encoded length of a token. */
export const TOKEN_BYTES = 160;
export const TOKEN_ID_BYTES = 16;
/** Flag bit 0: the token is for multicast delivery. All other bits are reserved. */
export const TOKEN_FLAG_MULTICAST = 1;
const DOMAIN = domain('OCM/token/v1');

/** Permission of a contract's issuer to fetch from one node in one epoch: TOKEN of protocol 6.4. Addresses are 32 bytes. */
export interface Token {
    readonly contract: Uint8Array;
    /** First four bytes (little-endian) of the genesis hash: keeps tokens of one cluster out of another. */
    readonly clusterTag: number;
    readonly epoch: number;
    /** 16 random bytes. */
    readonly tokenId: Uint8Array;
    readonly node: Uint8Array;
    /** Fresh Ed25519 key of the client, for this token only: a lasting key would link a person's sessions. */
    readonly clientPublicKey: Uint8Array;
    readonly maxBytes: bigint;
    /** Unix seconds. */
    readonly notBeforeSecs: number;
    /** Unix seconds. */
    readonly notAfterSecs: number;
    /** Random id of a group of clients, from a table of the contract's issuer. */
    readonly clientGroup: number;
    readonly flags: number;
}

/** 160 bytes, the body that the issuer signs. Throws MKT_CORE__FIELD_*, MKT_CORE__TOKEN_RESERVED_NOT_ZERO. */
export function encodeToken(token: Token): Uint8Array {
    assertKnownFlags(token.flags, 0);
    return new FieldWriter(TOKEN_BYTES)
        .bytes('domain', DOMAIN, DOMAIN.length)
        .bytes('contract', token.contract, HASH_BYTES)
        .u32('clusterTag', token.clusterTag)
        .u32('epoch', token.epoch)
        .bytes('tokenId', token.tokenId, TOKEN_ID_BYTES)
        .bytes('node', token.node, HASH_BYTES)
        .bytes('clientPublicKey', token.clientPublicKey, HASH_BYTES)
        .u64('maxBytes', token.maxBytes)
        .u32('notBeforeSecs', token.notBeforeSecs)
        .u32('notAfterSecs', token.notAfterSecs)
        .u32('clientGroup', token.clientGroup)
        .u16('flags', token.flags)
        .finish();
}

/**
 * Checks the form only; times, issuer, node and cluster are the caller's to judge.
 * Throws MKT_CORE__MESSAGE_LENGTH_WRONG, MKT_CORE__MESSAGE_DOMAIN_WRONG, MKT_CORE__TOKEN_RESERVED_NOT_ZERO.
 */
export function decodeToken(bytes: Uint8Array): Token {
    const reader = openMessage('token', bytes, TOKEN_BYTES, DOMAIN);
    const token = {
        contract: reader.bytes(HASH_BYTES),
        clusterTag: reader.u32(),
        epoch: reader.u32(),
        tokenId: reader.bytes(TOKEN_ID_BYTES),
        node: reader.bytes(HASH_BYTES),
        clientPublicKey: reader.bytes(HASH_BYTES),
        maxBytes: reader.u64(),
        notBeforeSecs: reader.u32(),
        notAfterSecs: reader.u32(),
        clientGroup: reader.u32(),
        flags: reader.u16(),
    };
    assertKnownFlags(token.flags, reader.u16());
    return token;
}

/** SHA-256 of the encoding: names the token in receipts and is its key in the settlement tree. */
export function hashToken(token: Token | Uint8Array): Uint8Array {
    return sha256(token instanceof Uint8Array ? token : encodeToken(token));
}

function assertKnownFlags(flags: number, reserved: number): void {
    if ((flags & ~TOKEN_FLAG_MULTICAST) !== 0 || reserved !== 0) {
        throw new MarketplaceError('MKT_CORE__TOKEN_RESERVED_NOT_ZERO', { flags, reserved });
    }
}
