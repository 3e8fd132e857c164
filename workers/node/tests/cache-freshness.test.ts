import fc from 'fast-check';
import CachePolicy from 'http-cache-semantics';
import { describe, expect, it } from 'vitest';
import type { HeaderMap } from '../src/cache/headers.js';
import { ageSecs, policyOf, type ResponsePolicy } from '../src/cache/semantics/policy.js';
import { allowsStaleIfError, decideReuse, demandsOf, NO_DEMANDS } from '../src/cache/semantics/reuse.js';

const AT_MS = Date.UTC(2026, 5, 1, 12);
const RULES = { negativeSecs: 0, maxNegativeSecs: 60 };
const date = (offsetSecs: number): string => new Date(AT_MS + offsetSecs * 1000).toUTCString();

function policy(headers: HeaderMap, { status = 200, tookMs = 0, rules = RULES } = {}): ResponsePolicy {
    return policyOf({ status, headers, requestTimeMs: AT_MS - tookMs, responseTimeMs: AT_MS }, rules);
}
const lifetime = (headers: HeaderMap, status = 200): number => policy(headers, { status }).lifetimeSecs;

describe('a lifetime', () => {
    it('is s-maxage before max-age before Expires before a guess', () => {
        const headers = { 'last-modified': date(-1000), date: date(0), expires: date(30) };
        expect(lifetime({ ...headers, 'cache-control': 'max-age=20, s-maxage=10' })).toBe(10);
        expect(lifetime({ ...headers, 'cache-control': 'max-age=20' })).toBe(20);
        expect(lifetime(headers)).toBe(30);
        expect(lifetime({ 'last-modified': date(-1000), date: date(0) })).toBe(100);
        expect(lifetime({ date: date(0) })).toBe(0);
    });

    it('by Expires is counted from Date, or from the arrival if that cannot be read', () => {
        expect(lifetime({ expires: date(300), date: date(400) })).toBe(0);
        expect(lifetime({ expires: date(20), date: date(10) })).toBe(10);
        expect(lifetime({ expires: date(20), date: 'foo' })).toBe(20);
        expect(lifetime({ expires: '0', date: date(0) })).toBe(0);
        expect(lifetime({ expires: date(20), 'cdn-cache-control': 'public' })).toBe(0);
    });

    it('is guessed for a day at most, and only for statuses that allow it or with public', () => {
        const headers = { 'last-modified': date(-10_000_000), date: date(0) };
        expect(lifetime(headers)).toBe(86_400);
        expect(lifetime(headers, 201)).toBe(0);
        expect(lifetime({ ...headers, 'cache-control': 'public' }, 299)).toBe(86_400);
        expect(lifetime({ 'last-modified': date(50), date: date(0) })).toBe(0);
    });

    it('of an error is bounded; an absence gets one only if that is configured', () => {
        expect(lifetime({ 'cache-control': 'max-age=9999' }, 503)).toBe(60);
        expect(lifetime({ 'cache-control': 'max-age=5' }, 404)).toBe(5);
        expect(lifetime({}, 404)).toBe(0);
        const rules = { negativeSecs: 7, maxNegativeSecs: 60 };
        expect([404, 410, 403, 500].map((status) => policy({}, { status, rules }).lifetimeSecs)).toEqual([7, 7, 0, 0]);
        expect(policy({ 'cache-control': 'max-age=0' }, { status: 404, rules }).lifetimeSecs).toBe(0);
    });
});

describe('an age', () => {
    it('is what Date shows or what caches and the way took, whichever is more', () => {
        expect(policy({ date: date(-30) }).initialAgeSecs).toBe(30);
        expect(policy({ date: date(0), age: '40' }, { tookMs: 2_000 }).initialAgeSecs).toBe(42);
        expect(policy({ date: date(-50), age: '40' }).initialAgeSecs).toBe(50);
        expect(ageSecs(policy({ age: '5' }), AT_MS + 3_500)).toBe(8.5);
        // A clock that was set back makes nothing younger than it was.
        expect(ageSecs(policy({ age: '5' }), AT_MS - 3_500)).toBe(5);
    });

    it.each([
        ['abc', 0],
        ['-7200', 0],
        ['7200.0', 0],
        ['7200;a=b', 0],
        ['7200, 0', 7200],
        ['0, 7200', 0],
        ['99999999999', 2 ** 31],
    ])('in the field %s is %s', (age, seconds) => {
        expect(policy({ age }).initialAgeSecs).toBe(seconds);
    });
});

describe('reuse', () => {
    const reuse = (cacheControl: string, afterSecs: number, demands = NO_DEMANDS): string =>
        decideReuse(policy({ 'cache-control': cacheControl }), demands, AT_MS + afterSecs * 1000);

    it('ends with the lifetime', () => {
        expect([0, 9.9, 10].map((secs) => reuse('max-age=10', secs))).toEqual(['fresh', 'fresh', 'validate']);
        expect(reuse('max-age=10, no-cache', 0)).toBe('validate');
        expect(reuse('max-age=10, no-cache="set-cookie"', 0)).toBe('fresh');
    });

    it('goes on behind a validation for as long as the origin allows, but for must-revalidate', () => {
        const allowed = 'max-age=1, stale-while-revalidate=4';
        expect([0.5, 2, 5].map((secs) => reuse(allowed, secs))).toEqual(['fresh', 'refresh', 'validate']);
        expect(reuse('s-maxage=1, stale-while-revalidate=4', 2)).toBe('refresh');
        expect(reuse(`${allowed}, must-revalidate`, 2)).toBe('validate');
        expect(reuse(`${allowed}, proxy-revalidate`, 2)).toBe('validate');
    });

    it('is what the viewer demands, within what the origin allows', () => {
        const asked = (cacheControl: string | undefined, pragma?: string) => demandsOf(cacheControl, pragma);
        expect(reuse('max-age=60', 0, asked('no-cache'))).toBe('validate');
        expect(reuse('max-age=60', 0, asked(undefined, 'no-cache'))).toBe('validate');
        expect(reuse('max-age=60', 0, asked('foo', 'no-cache'))).toBe('fresh');
        expect(reuse('max-age=60', 10, asked('max-age=5'))).toBe('validate');
        expect(reuse('max-age=60', 10, asked('max-age=10'))).toBe('fresh');
        expect(reuse('max-age=60', 10, asked('min-fresh=51'))).toBe('validate');
        expect(reuse('max-age=60', 10, asked('min-fresh=50'))).toBe('fresh');
        expect(reuse('max-age=60', 70, asked('max-stale=11'))).toBe('fresh');
        expect(reuse('max-age=60', 70, asked('max-stale'))).toBe('fresh');
        expect(reuse('max-age=60', 70, asked('max-stale=10'))).toBe('validate');
        expect(reuse('max-age=60', 70, asked('max-stale, min-fresh=1'))).toBe('validate');
        expect(reuse('s-maxage=60', 70, asked('max-stale'))).toBe('validate');
        expect(asked('no-store').isUnstored).toBe(true);
    });

    it('in the place of an error is for as long as the response or the configuration says', () => {
        const allowed = (cacheControl: string, defaultSecs = 0): boolean =>
            allowsStaleIfError(policy({ 'cache-control': cacheControl }), defaultSecs, AT_MS + 20_000);
        expect(allowed('max-age=10, stale-if-error=11')).toBe(true);
        expect(allowed('max-age=10, stale-if-error=10')).toBe(false);
        expect(allowed('max-age=10')).toBe(false);
        expect(allowed('max-age=10', 60)).toBe(true);
        expect(allowed('max-age=10, stale-if-error=0', 60)).toBe(false);
        expect(allowed('s-maxage=10', 60)).toBe(false);
        expect(allowed('s-maxage=10, stale-if-error=60')).toBe(true);
        for (const never of ['must-revalidate', 'proxy-revalidate', 'no-cache']) {
            expect(allowed(`max-age=10, stale-if-error=60, ${never}`)).toBe(false);
        }
    });
});

describe('beside another implementation', () => {
    const seconds = fc.integer({ min: 0, max: 200 });
    const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
    const response = fc.record({
        maxAge: optional(seconds),
        sharedMaxAge: optional(seconds),
        expires: optional(fc.integer({ min: -100, max: 200 })),
        age: optional(seconds),
        dateOffset: fc.integer({ min: -100, max: 0 }),
    });

    it('the same responses are fresh at the same time', () => {
        fc.assert(
            fc.property(response, seconds, ({ maxAge, sharedMaxAge, expires, age, dateOffset }, afterSecs) => {
                const control = [
                    ...(maxAge === undefined ? [] : [`max-age=${maxAge}`]),
                    ...(sharedMaxAge === undefined ? [] : [`s-maxage=${sharedMaxAge}`]),
                    'public',
                ].join(', ');
                const headers: HeaderMap = { date: date(dateOffset), 'cache-control': control };
                if (expires !== undefined) headers.expires = date(dateOffset + expires);
                if (age !== undefined) headers.age = String(age);
                const oracle = new CachePolicy({ url: '/', method: 'GET', headers: {} }, { status: 200, headers });
                // Half a second on: at the very end of a lifetime the two round differently.
                const atMs = AT_MS + afterSecs * 1000 + 500;
                const stored = CachePolicy.fromObject({ ...oracle.toObject(), t: AT_MS });
                // What Date shows is an age to us (RFC 9111 4.2.3); the other counts only Age and the time that it was held.
                const ageOfOracle = Math.max(age ?? 0, -dateOffset);
                const isFresh = decideReuse(policy(headers), NO_DEMANDS, atMs) === 'fresh';
                expect(isFresh).toBe(stored.maxAge() > ageOfOracle + afterSecs + 0.5);
            }),
            { numRuns: 300 },
        );
    });
});
