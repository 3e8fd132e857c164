import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyedHash } from '../src/routing/decision/keyed-hash.js';
import { createRouter, goesTo, healthOf, NOW_MS, type RelayInput, relayAddress, viewOf } from './routing-support.js';

const viewers = (count: number): string[] => Array.from({ length: count }, (_, i) => `198.18.${i >> 8}.${i & 255}`);
/** Share of 6,000 viewers that each RELAY gets. */
function shares(relays: readonly RelayInput[], seen: Parameters<typeof healthOf>[0] = {}): Map<string, number> {
    const router = createRouter(viewOf(relays), { health: healthOf(seen) });
    const names = relays.map(({ name }) => name);
    const all = viewers(6_000).map((viewer) => goesTo(router, viewer));
    return new Map(names.map((name) => [name, all.filter((one) => one === name).length / all.length]));
}

describe('a decision', () => {
    const relays: RelayInput[] = [
        { name: 'wide' },
        { name: 'country', kind: 'countrycode', value: 'us' },
        { name: 'network', kind: 'asn', value: 'as64496' },
        { name: 'default', kind: 'ipv4cidr', value: '0.0.0.0/0' },
        { name: 'sixteen', kind: 'ipv4cidr', value: '198.18.0.0/16' },
        { name: 'exact', kind: 'ipv4cidr', value: '198.18.7.7/32' },
        { name: 'six', kind: 'ipv6cidr', value: '2001:db8::/32' },
    ];

    it('goes to the narrowest footprint, and to the next wider one while nobody there can serve', () => {
        const order: string[] = [];
        const seen: Parameters<typeof healthOf>[0] = {};
        const asnPrefixes = { '64496': ['198.18.7.0/24'] };
        for (let i = 0; i < 6; i += 1) {
            const router = createRouter(viewOf(relays), { health: healthOf(seen), asnPrefixes });
            order.push(goesTo(router, '198.18.7.7'));
            seen[order.at(-1) ?? ''] = { healthy: false };
        }
        expect(order).toEqual(['exact', 'sixteen', 'default', 'network', 'wide', 'traditional']);
    });

    it('is the same for an address and its IPv4-mapped form, and never mixes the families', () => {
        const router = createRouter(viewOf(relays));
        expect(goesTo(router, '::ffff:198.18.1.1')).toBe('sixteen');
        expect(goesTo(router, '2001:db8::1')).toBe('six');
        expect(goesTo(router, '2001:db9::1')).toBe('wide');
        expect(goesTo(router, 'no address')).toBe('traditional');
    });

    it.each([
        ['drains', { draining: true }],
        ['does not answer', { healthy: false }],
        ['carries all that it claims', { loadKilobitsPerSecond: 1_000_000 }],
    ])('passes over a RELAY that %s', (_, seen) => {
        const router = createRouter(viewOf([{ name: 'only' }]), { health: healthOf({ only: seen }) });
        expect(goesTo(router, '198.18.0.1')).toBe('traditional');
    });

    it('lets a RELAY carry no more than was measured, while that measurement holds', () => {
        const now = NOW_MS / 1000;
        const loaded = { only: { loadKilobitsPerSecond: 500_000 } };
        const at = (expiresAtSecs: number) => {
            const view = viewOf([{ name: 'only', verified: { kilobitsPerSecond: 400_000, expiresAtSecs } }]);
            return goesTo(createRouter(view, { health: healthOf(loaded) }), '198.18.0.1');
        };
        expect([at(now + 1), at(now)]).toEqual(['traditional', 'only']);
    });

    it('has the same answer for all addresses of a household on IPv6', () => {
        const many = Array.from({ length: 9 }, (_, i) => ({ name: `r${i}` }));
        const router = createRouter(viewOf(many));
        const own = Array.from({ length: 50 }, (_, i) => router.route(`2001:db8:1:2:${i}::${i}`, '/').node);
        expect(new Set(own).size).toBe(1);
    });
});

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

describe('the keyed hash', () => {
    it('is HalfSipHash-2-4 by its reference vectors', () => {
        const hash = new KeyedHash(Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7));
        const words = Int32Array.of(0x03020100, 0x07060504, 0x0b0a0908);
        const hex = [0, 1, 2, 3].map((count) => Buffer.from(Uint32Array.of(hash.hashWords(words, count)).buffer));
        expect(hex.map((bytes) => bytes.toString('hex'))).toEqual(['a9359f5b', '2a6e4689', 'd0b8848f', '57f0872f']);
    });

    it('depends on the secret, so that nobody else can tell who shares a bucket', () => {
        const names = Array.from({ length: 8 }, (_, i) => `r${i}`);
        const view = viewOf(names.map((name) => ({ name })));
        const by = (operatorSecret: string) =>
            viewers(64).map((viewer) => createRouter(view, { operatorSecret }).route(viewer, '/').node);
        expect(by('one secret of sixteen')).toEqual(by('one secret of sixteen'));
        expect(by('one secret of sixteen')).not.toEqual(by('another of sixteen ch'));
        expect(relayAddress('r0')).not.toBe(relayAddress('r1'));
    });
});
