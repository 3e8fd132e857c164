/** Samples kept for a percentile: bounds the state of a session that lasts for days. */
export const MAX_SAMPLES = 256;

/** Adds a sample, dropping the oldest above `MAX_SAMPLES`. Returns a new array. */
export function addSample(samples: readonly number[], sample: number): number[] {
    return [...samples.slice(-(MAX_SAMPLES - 1)), sample];
}

/** The nearest-rank percentile (`percent` in 1..100) of the samples; 0 without samples. */
export function computePercentile(samples: readonly number[], percent: number): number {
    if (samples.length === 0) return 0;
    const ascending = [...samples].sort((a, b) => a - b);
    return ascending[Math.ceil((percent / 100) * ascending.length) - 1] ?? 0;
}
