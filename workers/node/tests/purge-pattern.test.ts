import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePattern } from '../src/purge/pattern.js';

const matches = (pattern: string, text: string, caseSensitive = false): boolean =>
    compilePattern({ pattern, caseSensitive, matchQueryString: false })(text);

/** By definition, with all the time in the world. */
function slowly(pattern: string[], text: string[]): boolean {
    const [first, ...rest] = pattern;
    if (first === undefined) return text.length === 0;
    if (first === '*') return slowly(rest, text) || (text.length > 0 && slowly(pattern, text.slice(1)));
    return text.length > 0 && (first === '?' || first === text[0]) && slowly(rest, text.slice(1));
}

describe('a pattern of URLs', () => {
    it.each([
        ['/live/*', '/live/', true],
        ['/live/*', '/live/a/b.m4s', true],
        ['/live/*', '/vod/live/a', false],
        ['*.m4s', '/a/b.m4s', true],
        ['*.m4s', '/a/b.m4sx', false],
        ['/seg-?.ts', '/seg-1.ts', true],
        ['/seg-?.ts', '/seg-10.ts', false],
        ['/seg-?.ts', '/seg-.ts', false],
        ['/a$*b', '/a*b', true],
        ['/a$*b', '/axb', false],
        ['/a$?b', '/a?b', true],
        ['/a$$b', '/a$b', true],
        ['/a$b', '/a$b', true],
        ['/a.b', '/axb', false],
        ['**', '', true],
        ['?', '', false],
        ['/a', '/a/', false],
    ])('%s against %s: %s', (pattern, text, expected) => {
        expect(matches(pattern, text)).toBe(expected);
    });

    it('differs by case only if told so', () => {
        expect(matches('/Live/*', '/live/X')).toBe(true);
        expect(matches('/Live/*', '/live/X', true)).toBe(false);
        expect(matches('/Live/*', '/Live/X', true)).toBe(true);
    });

    it('means what the definition says, also over more than one word of bits', () => {
        const letters = fc.array(fc.constantFrom('a', 'b', '/'), { maxLength: 9 });
        const tokens = fc.array(fc.constantFrom('a', 'b', '/', '*', '?'), { maxLength: 8 });
        fc.assert(
            fc.property(tokens, letters, fc.nat({ max: 70 }), (pattern, text, pad) => {
                const lead = 'x'.repeat(pad);
                expect(matches(lead + pattern.join(''), lead + text.join(''))).toBe(slowly(pattern, text));
            }),
            { numRuns: 1_000 },
        );
    });

    it('takes no longer for a hostile pattern than for another of its length', () => {
        const text = 'a'.repeat(2_000);
        const startedAt = performance.now();
        for (let round = 0; round < 50; round += 1) expect(matches(`${'*a'.repeat(127)}b`, text)).toBe(false);
        // Backtracking would need more steps than there are atoms.
        expect(performance.now() - startedAt).toBeLessThan(5_000);
    });
});
