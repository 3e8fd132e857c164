import { describe, expect, it } from 'vitest';
import { chooseVariant, ThroughputEstimate } from './rendition.js';

const VARIANTS = [100_000, 500_000, 2_000_000].map((bandwidth) => ({ uri: `${bandwidth}`, bandwidth }));

describe('the choice of a rendition', () => {
    it('is fixed for highest and lowest', () => {
        expect(chooseVariant(VARIANTS, 'highest', 1)).toBe(2);
        expect(chooseVariant(VARIANTS, 'lowest', 1e9)).toBe(0);
    });

    it.each([
        [undefined, 0],
        [50_000, 0],
        [600_000, 0],
        [630_000, 1],
        [2_499_999, 1],
        [2_500_000, 2],
    ])('follows the throughput %s in auto, with a margin', (bitsPerSecond, index) => {
        expect(chooseVariant(VARIANTS, 'auto', bitsPerSecond)).toBe(index);
    });

    it('rests on a moving average', () => {
        const estimate = new ThroughputEstimate();
        estimate.add(125_000, 1000);
        expect(estimate.bitsPerSecond).toBe(1_000_000);
        estimate.add(0, 1000);
        expect(estimate.bitsPerSecond).toBe(600_000);
        estimate.add(1000, 0);
        expect(Number.isFinite(estimate.bitsPerSecond)).toBe(true);
    });
});
