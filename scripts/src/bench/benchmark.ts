import type { Spread } from './statistics.js';

export type BenchmarkContext = {
    /** How often each quantity is measured. */
    repeats: number;
    /** The checkout. */
    root: string;
    /** Whether what is measured becomes the committed baseline, where a benchmark has one. */
    write: boolean;
    /** Whether to measure what takes long too, where a benchmark has that. */
    full: boolean;
    say(text: string): void;
};

/** Repeated measurements, a figure that does not vary, null for what is not there to be measured, or names. */
export type BenchmarkFigure = Spread | number | null | readonly string[];

/**
 * A benchmark measures everything that it compares in one run, each quantity `repeats` times, and returns its figures by
 * name. Later figures are added; names are not reused for something else.
 */
export type Benchmark = {
    name: string;
    summary: string;
    run(context: BenchmarkContext): Promise<Record<string, BenchmarkFigure>>;
};
