import { MarketplaceError } from './error.js';
import { assertLength, FieldReader, FieldWriter } from './fields.js';
import { HASH_BYTES, sha256 } from './hash.js';

/** Encoded length of a leaf. */
export const LEAF_BYTES = 112;
const RESERVED = new Uint8Array(3);
const LEAF_PREFIX = Uint8Array.of(0);

/** What one session adds to a commitment: LEAF of protocol 6.4. */
export interface Leaf {
    /** SHA-256 of the token: the key in the settlement tree, so that a token counts once. */
    readonly tokenHash: Uint8Array;
    /** At least 1: a leaf without bytes covers no target. */
    readonly bytes: bigint;
    readonly objects: number;
    readonly class: number;
    /** SHA-256 of the last receipt. */
    readonly receiptHash: Uint8Array;
    /** RFC 9162 tree head of the session's log records, in time order. */
    readonly logRoot: Uint8Array;
}

/** 112 bytes. Throws MKT_CORE__FIELD_*, MKT_CORE__LEAF_EMPTY. */
export function encodeLeaf(leaf: Leaf): Uint8Array {
    assertNotEmpty(leaf.bytes);
    return new FieldWriter(LEAF_BYTES)
        .bytes('tokenHash', leaf.tokenHash, HASH_BYTES)
        .u64('bytes', leaf.bytes)
        .u32('objects', leaf.objects)
        .u8('class', leaf.class)
        .bytes('reserved', RESERVED, RESERVED.length)
        .bytes('receiptHash', leaf.receiptHash, HASH_BYTES)
        .bytes('logRoot', leaf.logRoot, HASH_BYTES)
        .finish();
}

/** Throws MKT_CORE__FIELD_LENGTH_WRONG, MKT_CORE__LEAF_RESERVED_NOT_ZERO, MKT_CORE__LEAF_EMPTY. */
export function decodeLeaf(bytes: Uint8Array): Leaf {
    assertLength('leaf', bytes, LEAF_BYTES);
    const reader = new FieldReader(bytes);
    const tokenHash = reader.bytes(HASH_BYTES);
    const deliveredBytes = reader.u64();
    const objects = reader.u32();
    const leafClass = reader.u8();
    if (reader.bytes(RESERVED.length).some((byte) => byte !== 0)) {
        throw new MarketplaceError('MKT_CORE__LEAF_RESERVED_NOT_ZERO');
    }
    assertNotEmpty(deliveredBytes);
    return {
        tokenHash,
        bytes: deliveredBytes,
        objects,
        class: leafClass,
        receiptHash: reader.bytes(HASH_BYTES),
        logRoot: reader.bytes(HASH_BYTES),
    };
}

/** `SHA256(0x00 | LEAF)`: the prefix keeps leaves and inner nodes apart. */
export function hashLeaf(leaf: Leaf | Uint8Array): Uint8Array {
    return sha256(LEAF_PREFIX, leaf instanceof Uint8Array ? leaf : encodeLeaf(leaf));
}

function assertNotEmpty(bytes: bigint): void {
    if (bytes === 0n) throw new MarketplaceError('MKT_CORE__LEAF_EMPTY');
}
