/** Repeatable numbers (mulberry32): the same seed draws the same kills. */
export function createRandom(seed: number) {
    let state = seed >>> 0;
    const next = () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let mixed = Math.imul(state ^ (state >>> 15), state | 1);
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
    /** A whole number from `least` to `most`. */
    return { between: (least: number, most: number) => least + Math.floor(next() * (most - least + 1)) };
}
export type Random = ReturnType<typeof createRandom>;
