import type { Spread } from './statistics.js';

export type BenchmarkContext = {
    /** How often each quantity is measured. */
    repeats: number;
    /** The checkout. */
    root: string;
    say(text: string): void;
};

/**
 * A benchmark measures everything that it compares in one run, each quantity `repeats` times, and returns its figures by
 * name. Later figures are added; names are not reused for something else.
 */
export type Benchmark = {
    name: string;
    summary: string;
    run(context: BenchmarkContext): Promise<Record<string, Spread>>;
};
