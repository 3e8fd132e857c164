import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
    formatAmount,
    formatBasisPoints,
    formatBytes,
    formatInteger,
    formatPercent,
    formatPpm,
    formatRate,
    shorten,
    toShare,
} from './format';

const u64 = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });

describe('formats of quantities', () => {
    it('groups digits of integers of any size without losing one', () => {
        expect(formatInteger(1234567n)).toBe('1\u202f234\u202f567');
        fc.assert(fc.property(u64, (value) => formatInteger(value).replaceAll('\u202f', '') === value.toString()));
    });

    it('gives bytes three significant digits and a decimal unit', () => {
        expect(formatBytes(0n)).toBe('0 B');
        expect(formatBytes(999n)).toBe('999 B');
        expect(formatBytes(1_000n)).toBe('1.00 kB');
        expect(formatBytes(12_345_678n)).toBe('12.3 MB');
        expect(formatBytes('18446744073709551615')).toBe('18.4 EB');
    });

    it('never shows more than there is', () => {
        expect(formatBytes(1_999_999n)).toBe('1.99 MB');
        expect(formatPercent(9_999n, 10_000n)).toBe('99.9 %');
    });

    it('shows rates in bits per second from thousands of them', () => {
        expect(formatRate(500n)).toBe('500 kbit/s');
        expect(formatRate('20000')).toBe('20.0 Mbit/s');
    });

    it('shows money exactly: parsing it back gives every base unit', () => {
        expect(formatAmount(60_172n, 6)).toBe('0.060172');
        expect(formatAmount(20_000_000n, 6)).toBe('20.00');
        expect(formatAmount(5n, 0)).toBe('5');
        fc.assert(
            fc.property(u64, fc.integer({ min: 0, max: 9 }), (value, decimals) => {
                const [whole = '', fraction = ''] = formatAmount(value, decimals).replaceAll('\u202f', '').split('.');
                return BigInt(whole + fraction.padEnd(decimals, '0').slice(0, decimals)) === value;
            }),
        );
    });

    it('turns basis points and parts per million into percent', () => {
        expect(formatBasisPoints(250)).toBe('2.5 %');
        expect(formatBasisPoints(10_000)).toBe('100 %');
        expect(formatPpm(999_000)).toBe('99.9 %');
        expect(formatPercent(1n, 0n)).toBe('–');
    });

    it('shortens only what is long', () => {
        expect(shorten('abcdefghijkl')).toBe('abcd…ijkl');
        expect(shorten('abcdefghi')).toBe('abcdefghi');
    });

    it('keeps shares between 0 and 100', () => {
        fc.assert(fc.property(u64, u64, (part, whole) => toShare(part, whole) >= 0 && toShare(part, whole) <= 100));
        expect(toShare(1n, 4n)).toBe(25);
    });
});
