import { MarketplaceError } from './error.js';
import { domain, FieldWriter, openMessage } from './fields.js';
import { HASH_BYTES } from './hash.js';
import { assertBasisPoints } from './money.js';

/** Encoded length of a co-signature message. */
export const COSIGN_BYTES = 128;
const DOMAIN = domain('OCM/cosign/v1');
const PADDING_BYTES = 30;

/**
 * What a content provider signs to confirm a commitment off line: COSIGN of protocol 6.4. It repeats every figure that money
 * follows from, so that a signature for one commitment says nothing about another.
 */
export interface Cosign {
    /** Address of the DeliveryCommitment account. */
    readonly commitment: Uint8Array;
    readonly root: Uint8Array;
    readonly totalBytes: bigint;
    readonly gross: bigint;
    /** Penalty that content provider and operator agreed on, at most 10 000. */
    readonly penaltyBasisPoints: number;
}

/**
 * 128 bytes.
 *
 * @throws MKT_CORE__FIELD_*, MKT_CORE__BASIS_POINTS_OUT_OF_RANGE
 * @example const signature = sign(secretSeed, encodeCosign({ commitment, root, totalBytes, gross, penaltyBasisPoints: 0 }));
 */
export function encodeCosign(cosign: Cosign): Uint8Array {
    assertBasisPoints('penaltyBasisPoints', cosign.penaltyBasisPoints);
    return new FieldWriter(COSIGN_BYTES)
        .bytes('domain', DOMAIN, DOMAIN.length)
        .bytes('commitment', cosign.commitment, HASH_BYTES)
        .bytes('root', cosign.root, HASH_BYTES)
        .u64('totalBytes', cosign.totalBytes)
        .u64('gross', cosign.gross)
        .u16('penaltyBasisPoints', cosign.penaltyBasisPoints)
        .finish();
}

/**
 * @throws MKT_CORE__MESSAGE_LENGTH_WRONG, MKT_CORE__MESSAGE_DOMAIN_WRONG, MKT_CORE__COSIGN_RESERVED_NOT_ZERO,
 * MKT_CORE__BASIS_POINTS_OUT_OF_RANGE
 * @example const { commitment, gross } = decodeCosign(message);
 */
export function decodeCosign(bytes: Uint8Array): Cosign {
    const reader = openMessage('co-signature', bytes, COSIGN_BYTES, DOMAIN);
    const cosign = {
        commitment: reader.bytes(HASH_BYTES),
        root: reader.bytes(HASH_BYTES),
        totalBytes: reader.u64(),
        gross: reader.u64(),
        penaltyBasisPoints: reader.u16(),
    };
    if (reader.bytes(PADDING_BYTES).some((byte) => byte !== 0)) {
        throw new MarketplaceError('MKT_CORE__COSIGN_RESERVED_NOT_ZERO');
    }
    assertBasisPoints('penaltyBasisPoints', cosign.penaltyBasisPoints);
    return cosign;
}
