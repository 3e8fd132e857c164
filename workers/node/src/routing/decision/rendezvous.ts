/** Bits of a fraction in `minusLog2`. */
const FRACTION_BITS = 20;
const TABLE_BITS = 10;
const REST = 2 ** (31 - TABLE_BITS);
/** log2 of 1 to 2 in steps of 1/1024, in units of 2^-20. */
const LOG2 = Int32Array.from({ length: 2 ** TABLE_BITS + 1 }, (_, step) =>
    Math.round(Math.log2(1 + step / 2 ** TABLE_BITS) * 2 ** FRACTION_BITS),
);

/** Largest weight: its product with the largest draw is below 2^53, so that comparisons are of exact integers. */
export const MAX_WEIGHT = 2 ** 27 - 1;

/** The finaliser of MurmurHash3: every bit of the input moves half of the output. */
function mix(word: number): number {
    let h = word;
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return (h ^ (h >>> 16)) >>> 0;
}

/** Place of a bucket of viewers on the ring of a large set, unsigned 32 bits. */
export const placeOf = (bucket: number): number => mix(bucket ^ 0x5bd1e995);

/**
 * What a node draws for a bucket of viewers: -log2 of a number that is evenly spread over (0, 1], in units of 2^-20, at least 1.
 * Of nodes with weights, the one with the largest weight / draw wins: each wins in proportion to its weight, and a change of
 * one weight moves viewers to that node or away from it, never between others (weighted rendezvous hashing).
 */
export function drawOf(bucket: number, seed: number): number {
    const drawn = mix(mix(bucket + 0x9e3779b9) ^ seed);
    if (drawn === 0xffffffff) return 1;
    const number = drawn + 1;
    const whole = 31 - Math.clz32(number);
    const mantissa = number << (31 - whole);
    const step = (mantissa >>> (31 - TABLE_BITS)) & (2 ** TABLE_BITS - 1);
    const low = LOG2[step]!;
    const rest = mantissa & (REST - 1);
    return (32 - whole) * 2 ** FRACTION_BITS - low - Math.floor(((LOG2[step + 1]! - low) * rest) / REST) + 1;
}

/** Whether the first beats the second: weight / draw is larger. On a tie it does not. */
export const beats = (weight: number, draw: number, otherWeight: number, otherDraw: number): boolean =>
    weight * otherDraw > otherWeight * draw;
