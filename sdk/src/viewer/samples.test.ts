import { describe, expect, it } from 'vitest';
import { addSample, computePercentile, MAX_SAMPLES } from './samples.js';

describe('samples', () => {
    it('give the nearest-rank percentile', () => {
        const samples = Array.from({ length: 100 }, (_, index) => 100 - index);
        expect(computePercentile(samples, 95)).toBe(95);
        expect(computePercentile([9, 1], 95)).toBe(9);
        expect(computePercentile([9, 1], 50)).toBe(1);
        expect(computePercentile([], 95)).toBe(0);
    });

    it('keep the latest and stay bounded', () => {
        let samples: number[] = [];
        for (let sample = 0; sample < MAX_SAMPLES + 10; sample += 1) samples = addSample(samples, sample);
        expect(samples).toHaveLength(MAX_SAMPLES);
        expect(samples.at(0)).toBe(10);
        expect(samples.at(-1)).toBe(MAX_SAMPLES + 9);
    });
});
