import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('../app/globals.css', import.meta.url), 'utf8');

function readTokens(selector: string): Map<string, string> {
    const block = css.slice(css.indexOf(`${selector} {`)).split('}')[0] ?? '';
    return new Map(
        [...block.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g)].map(([, name = '', value = '']) => [name, value]),
    );
}

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function luminance(hex: string): number {
    const [r = 0, g = 0, b = 0] = [1, 3, 5]
        .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
        .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
    const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
}

const TEXT_PAIRS = [
    ['text', 'ground'],
    ['text', 'surface'],
    ['text', 'sunken'],
    ['text', 'warn-soft'],
    ['muted', 'ground'],
    ['muted', 'surface'],
    ['muted', 'sunken'],
    ['accent', 'surface'],
    ['accent', 'accent-soft'],
    ['accent-text', 'accent'],
    ['good', 'good-soft'],
    ['warn', 'warn-soft'],
    ['bad', 'bad-soft'],
    ['bad', 'surface'],
] as const;
/** Shapes that carry meaning need 3:1 (WCAG 1.4.11). */
const SHAPE_PAIRS = [
    ['series-delivered', 'sunken'],
    ['series-committed', 'sunken'],
    ['line-strong', 'surface'],
    ['accent', 'land'],
] as const;

describe.each([':root', '.dark'])('the tokens of %s', (selector) => {
    const tokens = readTokens(selector);
    const of = (name: string) => tokens.get(name) ?? '#000000';

    it('are the same set in both themes', () => {
        expect([...tokens.keys()]).toEqual([...readTokens(':root').keys()]);
        expect(tokens.size).toBeGreaterThan(15);
    });

    it.each(TEXT_PAIRS)('keep %s on %s legible', (text, ground) => {
        expect(contrast(of(text), of(ground))).toBeGreaterThanOrEqual(4.5);
    });

    it.each(SHAPE_PAIRS)('keep the shape %s on %s visible', (shape, ground) => {
        expect(contrast(of(shape), of(ground))).toBeGreaterThanOrEqual(3);
    });
});
