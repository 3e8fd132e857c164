import { describe, expect, it } from 'vitest';
import { KeyedHash } from '../src/routing/decision/keyed-hash.js';
import { createRouter, goesTo, healthOf, NOW_MS, type RelayInput, relayAddress, viewOf } from './routing-support.js';

const viewers = (count: number): string[] => Array.from({ length: count }, (_, i) => `198.18.${i >> 8}.${i & 255}`);

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
