import { MarketplaceError } from './error.js';
import { assertLength, domain, encodeU64, FieldWriter, openMessage } from './fields.js';
import { HASH_BYTES, sha256 } from './hash.js';

/** Encoded length of a receipt. */
export const RECEIPT_BYTES = 112;
const DOMAIN = domain('OCM/rcpt/v1');

/** What a client says that it got so far under one token: RECEIPT of protocol 6.4. All counters are cumulative. */
export interface Receipt {
    readonly tokenHash: Uint8Array;
    /** Strictly increasing. */
    readonly seq: number;
    readonly objects: number;
    readonly bytes: bigint;
    /** Unix milliseconds of the last byte. */
    readonly lastMs: bigint;
    readonly ttfbP95Ms: number;
    /** Hundredths of a second without playable data. */
    readonly stallCentisecs: number;
    readonly errors: number;
    /** Chain over the received objects, see {@link extendAccumulator}. */
    readonly accumulator: Uint8Array;
}

/** 112 bytes, the body that the client signs. Throws MKT_CORE__FIELD_*. */
export function encodeReceipt(receipt: Receipt): Uint8Array {
    return new FieldWriter(RECEIPT_BYTES)
        .bytes('domain', DOMAIN, DOMAIN.length)
        .bytes('tokenHash', receipt.tokenHash, HASH_BYTES)
        .u32('seq', receipt.seq)
        .u32('objects', receipt.objects)
        .u64('bytes', receipt.bytes)
        .u64('lastMs', receipt.lastMs)
        .u16('ttfbP95Ms', receipt.ttfbP95Ms)
        .u16('stallCentisecs', receipt.stallCentisecs)
        .u32('errors', receipt.errors)
        .bytes('accumulator', receipt.accumulator, HASH_BYTES)
        .finish();
}

/** Throws MKT_CORE__MESSAGE_LENGTH_WRONG, MKT_CORE__MESSAGE_DOMAIN_WRONG. */
export function decodeReceipt(bytes: Uint8Array): Receipt {
    const reader = openMessage('receipt', bytes, RECEIPT_BYTES, DOMAIN);
    return {
        tokenHash: reader.bytes(HASH_BYTES),
        seq: reader.u32(),
        objects: reader.u32(),
        bytes: reader.u64(),
        lastMs: reader.u64(),
        ttfbP95Ms: reader.u16(),
        stallCentisecs: reader.u16(),
        errors: reader.u32(),
        accumulator: reader.bytes(HASH_BYTES),
    };
}

/** SHA-256 of the encoding. */
export function hashReceipt(receipt: Receipt | Uint8Array): Uint8Array {
    return sha256(receipt instanceof Uint8Array ? receipt : encodeReceipt(receipt));
}

/**
 * Refuses a receipt that does not continue the last one of its token: same token, higher seq, no counter lower
 * (protocol 6.4). Throws MKT_CORE__RECEIPT_NOT_NEXT.
 */
export function assertReceiptFollows(previous: Receipt, next: Receipt): void {
    const sameToken = next.tokenHash.every((byte, i) => byte === previous.tokenHash[i]);
    const field = !sameToken
        ? 'tokenHash'
        : next.seq <= previous.seq
          ? 'seq'
          : next.bytes < previous.bytes
            ? 'bytes'
            : next.objects < previous.objects
              ? 'objects'
              : next.lastMs < previous.lastMs
                ? 'lastMs'
                : undefined;
    if (field !== undefined) {
        throw new MarketplaceError('MKT_CORE__RECEIPT_NOT_NEXT', { field, previousSeq: previous.seq, seq: next.seq });
    }
}

/** `SHA256(tokenHash)`: the accumulator before the first object. */
export function initialAccumulator(tokenHash: Uint8Array): Uint8Array {
    assertLength('tokenHash', tokenHash, HASH_BYTES);
    return sha256(tokenHash);
}

/** `SHA256(accumulator | objectSha256 | u64 lengthBytes)`, for each completed object or 1 MiB part. */
export function extendAccumulator(
    accumulator: Uint8Array,
    objectSha256: Uint8Array,
    lengthBytes: bigint | number,
): Uint8Array {
    assertLength('accumulator', accumulator, HASH_BYTES);
    assertLength('objectSha256', objectSha256, HASH_BYTES);
    const length =
        typeof lengthBytes === 'number' && Number.isSafeInteger(lengthBytes) ? BigInt(lengthBytes) : lengthBytes;
    return sha256(accumulator, objectSha256, encodeU64(length as bigint));
}
