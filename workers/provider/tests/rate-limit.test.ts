import { describe, expect, it } from 'vitest';
import { createRateLimiter, prefixOf } from '../src/rate-limit.js';

describe('rate limit', () => {
    it('is shared by a /24 and a /48 and refills with time', () => {
        let now = 0;
        const limit = createRateLimiter({ burst: 2, perSecond: 1 }, () => now);
        limit('192.0.2.1');
        limit('::ffff:192.0.2.200');
        expect(() => limit('192.0.2.3')).toThrow(expect.objectContaining({ code: 'MKT_PROVIDER__RATE_LIMITED' }));
        limit('198.51.100.1');
        now = 1_000;
        limit('192.0.2.3');
        expect(prefixOf('2001:db8:a:b::1')).toBe(prefixOf('2001:db8:a:ffff:1:2:3:4'));
        expect(prefixOf('2001:db8:a::')).not.toBe(prefixOf('2001:db8:b::'));
        expect(prefixOf('::1')).toBe('0:0:0');
    });
});
