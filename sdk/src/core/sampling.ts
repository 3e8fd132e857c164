import { MarketplaceError } from './error.js';
import { assertU64, assertUint, domain, encodeU64, FieldReader, FieldWriter } from './fields.js';
import { HASH_BYTES, sha256 } from './hash.js';

/** Most samples of one commitment. */
export const MAX_SAMPLES = 8;
const SAMPLE_DOMAIN = domain('OCM/sample/v1');
/** One token of a mint with six decimals, and one hundred (protocol 6.15). */
const SMALL_GROSS = 1_000_000n;
const MEDIUM_GROSS = 100_000_000n;

/**
 * Target of sample `index`: the first 16 bytes of `SHA256(dom | seed | u16 index)`, little-endian, modulo `totalBytes`
 * (protocol 6.7). Throws MKT_CORE__TREE_TOTAL_ZERO, MKT_CORE__FIELD_*.
 */
export function computeSampleTarget(seed: Uint8Array, index: number, totalBytes: bigint): bigint {
    if (totalBytes === 0n) throw new MarketplaceError('MKT_CORE__TREE_TOTAL_ZERO');
    encodeU64(totalBytes);
    const place = new FieldWriter(HASH_BYTES + 2).bytes('seed', seed, HASH_BYTES).u16('index', index).finish();
    const reader = new FieldReader(sha256(SAMPLE_DOMAIN, place));
    const low = reader.u64();
    return ((reader.u64() << 64n) | low) % totalBytes;
}

/**
 * Samples that a gross has to prove: 2 below one token, 4 below one hundred, else 8, in base units of six decimals.
 *
 * @throws MKT_CORE__FIELD_OUT_OF_RANGE
 * @example computeSampleCount(1_000_000n); // 4
 */
export function computeSampleCount(gross: bigint): number {
    assertU64('gross', gross);
    if (gross < SMALL_GROSS) return 2;
    return gross < MEDIUM_GROSS ? 4 : MAX_SAMPLES;
}

/**
 * Samples after a missed seed: twice as many, at most 8. Letting a bad seed pass must cost something.
 *
 * @throws MKT_CORE__FIELD_OUT_OF_RANGE
 * @example computeRearmedSampleCount(4); // 8
 */
export function computeRearmedSampleCount(count: number): number {
    assertUint('count', count, 8);
    return Math.min(2 * count, MAX_SAMPLES);
}
