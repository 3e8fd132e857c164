import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import table from '../../../tests/vectors/footprints.json' with { type: 'json' };
import { type CdniCapacityLimits, fromCdniCapacityLimits, toCdniCapacityLimits } from './cdni-capacity.js';
import type { Footprint } from './footprint.js';

const claim = {
    id: 'egress_as64496',
    footprint: { kind: 'asn', value: 'as64496' },
    direction: 'egress',
    kilobitsPerSecond: 50_000_000n,
} as const;

const advertised: CdniCapacityLimits = {
    'capability-type': 'FCI.CapacityLimits',
    'capability-value': {
        limits: [{ id: 'egress_as64496', 'limit-type': 'egress', 'maximum-hard': 50_000_000_000 }],
    },
    footprints: [{ 'footprint-type': 'asn', 'footprint-value': ['as64496'] }],
};

describe('FCI.CapacityLimits', () => {
    it('states a claim in bits per second, as the example of RFC 9808 does', () => {
        expect(toCdniCapacityLimits(claim)).toEqual(advertised);
        expect(fromCdniCapacityLimits(advertised)).toEqual(claim);
    });

    it('has no footprints where a claim is for anywhere', () => {
        const anywhere = { ...claim, footprint: { kind: 'any', value: '' } } as const;
        expect(toCdniCapacityLimits(anywhere)).not.toHaveProperty('footprints');
        expect(fromCdniCapacityLimits(toCdniCapacityLimits(anywhere))).toEqual(anywhere);
    });

    it('returns every claim as it was, through JSON', () => {
        const footprints = table.canonical.map(({ kind, value }) => ({ kind, value }) as Footprint);
        const statement = fc.record({
            id: fc.string({ minLength: 1 }),
            footprint: fc.constantFrom(...footprints),
            direction: fc.constantFrom('egress' as const, 'ingress' as const),
            kilobitsPerSecond: fc.bigInt(1n, 100_000_000_000n),
        });
        fc.assert(
            fc.property(statement, (stated) => {
                const json = JSON.stringify(toCdniCapacityLimits(stated));
                expect(fromCdniCapacityLimits(JSON.parse(json))).toEqual(stated);
            }),
        );
    });

    const limit = advertised['capability-value'].limits[0]!;
    const withLimits = (...limits: object[]) => ({ ...advertised, 'capability-value': { limits } });
    const footprint = advertised.footprints![0]!;
    const cases: [string, object][] = [
        ['another capability', { ...advertised, 'capability-type': 'FCI.Telemetry' }],
        ['no limit', withLimits()],
        ['two limits', withLimits(limit, limit)],
        ['a limit of sessions', withLimits({ ...limit, 'limit-type': 'sessions' })],
        ['less than a kilobit', withLimits({ ...limit, 'maximum-hard': 999 })],
        ['a fraction', withLimits({ ...limit, 'maximum-hard': 1_000.5 })],
        ['two footprints, which narrow each other', { ...advertised, footprints: [footprint, footprint] }],
        ['two values', { ...advertised, footprints: [{ ...footprint, 'footprint-value': ['as1', 'as2'] }] }],
        ['a union', { ...advertised, footprints: [{ 'footprint-type': 'footprintunion', 'footprint-value': ['x'] }] }],
    ];
    it.each(cases)('refuses %s', (_what, capability) => {
        expect(() => fromCdniCapacityLimits(capability as CdniCapacityLimits)).toThrow(
            expect.objectContaining({ code: 'MKT_CORE__CDNI_CAPACITY_INVALID' }),
        );
    });

    it('refuses a rate of zero and one that JSON cannot hold', () => {
        for (const kilobitsPerSecond of [0n, 1n << 53n]) {
            expect(() => toCdniCapacityLimits({ ...claim, kilobitsPerSecond })).toThrow(
                expect.objectContaining({ code: 'MKT_CORE__CDNI_CAPACITY_INVALID' }),
            );
        }
    });
});
