/** What repeated measurements of one quantity came to. */
export type Spread = { median: number; minimum: number; maximum: number; runs: number };

/**
 * Median and extremes. The median of an even count is the mean of the two in the middle.
 *
 * @throws RangeError when there is nothing to summarise.
 */
export function summarise(values: readonly number[]): Spread {
    const sorted = [...values].sort((a, b) => a - b);
    const upper = sorted[Math.floor(sorted.length / 2)];
    const lower = sorted[Math.floor((sorted.length - 1) / 2)];
    if (upper === undefined || lower === undefined) throw new RangeError('no measurements to summarise');
    return {
        median: (lower + upper) / 2,
        minimum: sorted[0] ?? lower,
        maximum: sorted.at(-1) ?? upper,
        runs: sorted.length,
    };
}

/** Figures in a report: three significant decimals say more than a machine's noise allows. */
export function round(value: number): number {
    return Math.round(value * 1000) / 1000;
}
