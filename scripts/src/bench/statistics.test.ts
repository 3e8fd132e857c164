import { describe, expect, it } from 'vitest';
import { round, summarise } from './statistics.js';

describe('summarise', () => {
    it('takes the middle of an odd count', () => {
        expect(summarise([9, 1, 5])).toEqual({ median: 5, minimum: 1, maximum: 9, runs: 3 });
    });
    it('takes the mean of the two middles of an even count', () => {
        expect(summarise([4, 1, 2, 100]).median).toBe(3);
    });
    it('does not reorder what it was given', () => {
        const values = [3, 1, 2];
        summarise(values);
        expect(values).toEqual([3, 1, 2]);
    });
    it('refuses an empty list', () => {
        expect(() => summarise([])).toThrow(RangeError);
    });
    it('rounds to thousandths', () => {
        expect(round(1.23456)).toBe(1.235);
    });
});
