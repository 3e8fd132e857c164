import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRouter, goesTo, healthOf, type RelayInput, viewOf } from './routing-support.js';

const viewers = (count: number): string[] => Array.from({ length: count }, (_, i) => `198.18.${i >> 8}.${i & 255}`);
/** Share of 6,000 viewers that each RELAY gets. */
function shares(relays: readonly RelayInput[], seen: Parameters<typeof healthOf>[0] = {}): Map<string, number> {
    const router = createRouter(viewOf(relays), { health: healthOf(seen) });
    const names = relays.map(({ name }) => name);
    const all = viewers(6_000).map((viewer) => goesTo(router, viewer));
    return new Map(names.map((name) => [name, all.filter((one) => one === name).length / all.length]));
}

describe('viewers', () => {
    it('spread over RELAYs in proportion to free capacity, nearness and price', () => {
        const even = { kilobitsPerSecond: 1_000_000 };
        const expected = (weights: number[]) => weights.map((weight) => weight / weights.reduce((a, b) => a + b, 0));
        const cases: [RelayInput[], Parameters<typeof healthOf>[0], number[]][] = [
            [
                [
                    { name: 'a', ...even },
                    { name: 'b', kilobitsPerSecond: 3_000_000 },
                ],
                {},
                [1, 3],
            ],
            [
                [
                    { name: 'a', ...even },
                    { name: 'b', ...even },
                ],
                { a: { loadKilobitsPerSecond: 750_000 } },
                [1, 4],
            ],
            [
                [
                    { name: 'a', ...even },
                    { name: 'b', ...even },
                ],
                { a: { latencyMs: 100 } },
                [1, 3],
            ],
            [
                [
                    { name: 'a', ...even, price: 60_000 },
                    { name: 'b', ...even },
                ],
                {},
                [1, 4],
            ],
            [
                [
                    { name: 'a', ...even },
                    { name: 'b', verified: { kilobitsPerSecond: 1_000_000, expiresAtSecs: 2e9 } },
                ],
                {},
                [1, 2],
            ],
        ];
        for (const [relays, seen, weights] of cases) {
            const got = shares(relays, seen);
            for (const [i, share] of expected(weights).entries()) {
                expect(Math.abs((got.get(relays[i]?.name ?? '') ?? 0) - share)).toBeLessThan(0.025);
            }
        }
    });

    it('move only to or from the RELAY whose score changes, and no more of them than its share changes', () => {
        const load = fc.integer({ min: 0, max: 900_000 });
        fc.assert(
            fc.property(fc.array(load, { minLength: 2, maxLength: 8 }), fc.nat(7), load, (loads, which, next) => {
                const names = loads.map((_, i) => `r${i}`);
                const moved = `r${which % loads.length}`;
                const view = viewOf(names.map((name) => ({ name })));
                const at = (all: readonly number[]) => {
                    const seen = names.map((name, i) => [name, { loadKilobitsPerSecond: all[i] ?? 0 }] as const);
                    const router = createRouter(view, { health: healthOf(Object.fromEntries(seen)) });
                    return viewers(600).map((viewer) => goesTo(router, viewer));
                };
                const after = loads.map((one, i) => (`r${i}` === moved ? next : one));
                const [before, now] = [at(loads), at(after)];
                const changed = before.flatMap((name, i) => (name === now[i] ? [] : [[name, now[i]]]));
                // All towards it, or all away from it.
                expect(new Set(changed.map((pair) => pair.indexOf(moved))).size).toBeLessThanOrEqual(1);
                expect(changed.every((pair) => pair.includes(moved))).toBe(true);
                const free = (all: readonly number[]) => all.map((one) => 1_000_000 - one);
                const share = (all: readonly number[]) =>
                    (free(all)[names.indexOf(moved)] ?? 0) / free(all).reduce((a, b) => a + b, 0);
                expect(changed.length / 600).toBeLessThan(Math.abs(share(after) - share(loads)) + 0.08);
            }),
            { numRuns: 40 },
        );
    });

    it('of a footprint that 500 RELAYs cover cost no look at all of them, and still spread', () => {
        const names = Array.from({ length: 500 }, (_, i) => `r${i}`);
        const router = createRouter(viewOf(names.map((name) => ({ name }))));
        const got = viewers(4_000).map((viewer) => goesTo(router, viewer));
        for (const { steps } of router.recent().decisions) expect(steps[0]?.candidates.length).toBe(32);
        expect(new Set(got).size).toBeGreaterThan(480);
        const sick = Object.fromEntries(names.slice(0, 499).map((name) => [name, { healthy: false }]));
        const bad = createRouter(viewOf(names.map((name) => ({ name }))), { health: healthOf(sick) });
        bad.route('198.18.0.1', '/');
        expect(bad.recent().decisions[0]?.steps[0]?.candidates).toHaveLength(128);
    });
});
