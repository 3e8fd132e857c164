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
    const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
    return {
        between,
        /** True once in `count` times. */
        onceIn: (count: number) => between(1, count) === 1,
        pick: <T>(items: readonly T[]): T => {
            const item = items[between(0, items.length - 1)];
            if (item === undefined) throw new Error('there is nothing to pick from');
            return item;
        },
        /** Draws of its own: what one part of a campaign draws does not depend on how often another has drawn. */
        fork: (label: string) =>
            createRandom([...label].reduce((sum, c) => Math.imul(sum, 31) + c.charCodeAt(0), seed)),
    };
}
export type Random = ReturnType<typeof createRandom>;
