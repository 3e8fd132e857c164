import { describe, expect, it } from 'vitest';
import { u64String } from './primitives.js';

describe('u64 as text', () => {
    it.each(['0', '1', '18446744073709551615'])('takes %s', (text) => {
        expect(u64String.parse(text)).toBe(text);
    });

    it.each(['', 'abc', '1e9', '-1', '01', '0x1', '1.5', ' 1', '18446744073709551616', '9'.repeat(1_000)])(
        'refuses %j with a reason and no exception of its own',
        (text) => {
            expect(u64String.safeParse(text).success).toBe(false);
        },
    );
});
