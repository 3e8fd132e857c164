import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import table from '../../../tests/vectors/footprints.json' with { type: 'json' };
import { fromHex } from './bytes.js';
import { decodeFootprint, type Footprint, footprintContains } from './footprint.js';
import { footprintCovers } from './footprint-cover.js';
import { formatIp } from './ip.js';

describe('footprintCovers', () => {
    it.each(table.covers)('$kind $value covers $innerKind $innerValue: $covers', (row) => {
        const outer = { kind: row.kind, value: row.value } as Footprint;
        const inner = { kind: row.innerKind, value: row.innerValue } as Footprint;
        expect(decodeFootprint(fromHex(row.outer))).toEqual(outer);
        expect(decodeFootprint(fromHex(row.inner))).toEqual(inner);
        expect(footprintCovers(outer, inner)).toBe(row.covers);
    });

    it('says so only where every address of the inner prefix is in the outer', () => {
        const prefix = fc.tuple(fc.uint8Array({ minLength: 4, maxLength: 4 }), fc.integer({ min: 0, max: 32 }));
        const cut = ([address, length]: [Uint8Array, number]): Footprint => {
            const bits = (address.reduce((value, byte) => value * 256 + byte, 0) >>> 0).toString(2).padStart(32, '0');
            const network = Number.parseInt(bits.slice(0, length).padEnd(32, '0'), 2);
            const bytes = Uint8Array.from([24, 16, 8, 0], (shift) => (network >>> shift) & 255);
            return { kind: 'ipv4cidr', value: `${formatIp(bytes)}/${length}` };
        };
        fc.assert(
            fc.property(prefix, prefix, fc.integer({ min: 0, max: 8 }), (outerOf, [low, innerLength], shared) => {
                const address = Uint8Array.from(low, (byte, place) =>
                    place * 8 < shared * 4 ? outerOf[0][place]! : byte,
                );
                const [outer, inner] = [cut(outerOf), cut([address, innerLength])];
                const [ip = ''] = inner.value.split('/');
                const wider = innerLength < outerOf[1];
                expect(footprintCovers(outer, inner)).toBe(!wider && footprintContains(outer, ip));
            }),
        );
    });
});
