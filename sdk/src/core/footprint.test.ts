import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import table from '../../../tests/vectors/footprints.json' with { type: 'json' };
import { fromHex, toHex } from './bytes.js';
import { isMarketplaceError, MarketplaceError } from './error.js';
import {
    type ClientFacts,
    computeFootprintRoot,
    decodeFootprint,
    encodeFootprint,
    type Footprint,
    footprintContains,
} from './footprint.js';
import { formatIp, parseIp, parseIpv4, parseIpv6 } from './ip.js';

const footprintOf = (row: { kind: string; value: string }) => ({ kind: row.kind, value: row.value }) as Footprint;
const addressBytes = fc.oneof(
    fc.uint8Array({ minLength: 4, maxLength: 4 }),
    fc.uint8Array({ minLength: 16, maxLength: 16 }),
    // Long runs of zeros are where the short text forms differ.
    fc.array(fc.constantFrom(0, 0, 0, 1, 255), { minLength: 16, maxLength: 16 }).map((bytes) => Uint8Array.from(bytes)),
);

describe('footprints', () => {
    it.each(table.canonical)('encodes $kind $value to the bytes of the table', (row) => {
        expect(toHex(encodeFootprint(footprintOf(row)))).toBe(row.encoded);
        expect(decodeFootprint(fromHex(row.encoded))).toEqual(footprintOf(row));
    });

    it.each(table.invalidTexts)('refuses the text $kind "$value"', (row) => {
        expect(() => encodeFootprint(footprintOf(row))).toThrow(MarketplaceError);
        expect(() => footprintContains(footprintOf(row), '192.0.2.1')).toThrow(MarketplaceError);
    });

    it.each(table.invalidEncodings)('refuses the bytes of $why', ({ encoded }) => {
        expect(() => decodeFootprint(fromHex(encoded))).toThrow(MarketplaceError);
    });

    it.each(table.contains)('$kind $value contains $ip: $contains', (row) => {
        const facts = ('facts' in row ? row.facts : {}) as ClientFacts;
        expect(footprintContains(footprintOf(row), row.ip, facts)).toBe(row.contains);
    });

    it('has one root for one set of footprints, in whatever order and however often', () => {
        const footprints = table.root.footprints.map(footprintOf);
        expect(toHex(computeFootprintRoot(footprints))).toBe(table.root.root);
        expect(toHex(computeFootprintRoot([...footprints].reverse()))).toBe(table.root.root);
    });

    it('decodes hostile bytes to a footprint with the same bytes, or refuses them', () => {
        const framed = fc
            .tuple(fc.nat(7), fc.nat(130), fc.uint8Array({ minLength: 16, maxLength: 16 }))
            .map(([kind, prefix, value]) => Uint8Array.of(kind, prefix, ...value));
        fc.assert(
            fc.property(fc.oneof(framed, fc.uint8Array({ maxLength: 40 })), (bytes) => {
                try {
                    expect(encodeFootprint(decodeFootprint(bytes))).toEqual(bytes);
                } catch (error) {
                    if (!isMarketplaceError(error)) throw error;
                }
            }),
            { numRuns: 500 },
        );
    });

    it('agrees with another library on which networks contain which addresses', () => {
        fc.assert(
            fc.property(addressBytes, addressBytes, fc.nat(128), (network, address, length) => {
                fc.pre(network.length === address.length);
                const prefix = length % (network.length * 8 + 1);
                const cidr = `${ipaddr.fromByteArray([...network]).toString()}/${prefix}`;
                const base =
                    network.length === 4
                        ? ipaddr.IPv4.networkAddressFromCIDR(cidr)
                        : ipaddr.IPv6.networkAddressFromCIDR(cidr);
                fc.pre(!('isIPv4MappedAddress' in base && base.isIPv4MappedAddress()));
                const other = ipaddr.fromByteArray([...address]);
                fc.pre(!('isIPv4MappedAddress' in other && other.isIPv4MappedAddress()));
                const kind = network.length === 4 ? 'ipv4cidr' : 'ipv6cidr';
                const footprint: Footprint = { kind, value: `${base.toString()}/${prefix}` };
                const expected = other.kind() === base.kind() && other.match(base as ipaddr.IPv4 & ipaddr.IPv6, prefix);
                expect(footprintContains(footprint, other.toString())).toBe(expected);
                expect(decodeFootprint(encodeFootprint(footprint)).value).toBe(
                    `${formatIp(Uint8Array.from(base.toByteArray()))}/${prefix}`,
                );
            }),
            { numRuns: 400 },
        );
    });
});

describe('IP addresses', () => {
    it('writes what it reads and reads what another library writes', () => {
        fc.assert(
            fc.property(addressBytes, (bytes) => {
                const parse = bytes.length === 4 ? parseIpv4 : parseIpv6;
                expect(parse(formatIp(bytes))).toEqual(bytes);
                const other = ipaddr.fromByteArray([...bytes]);
                expect(parse(other.toString())).toEqual(bytes);
                expect(parse(other.toNormalizedString())).toEqual(bytes);
                if (bytes.length === 16) expect(formatIp(bytes)).toBe((other as ipaddr.IPv6).toRFC5952String());
            }),
            { numRuns: 500 },
        );
    });

    it('reads an IPv4-mapped address as the IPv4 address', () => {
        expect(parseIp('::ffff:192.0.2.1')).toEqual(Uint8Array.of(192, 0, 2, 1));
        expect(parseIp('::FFFF:c000:0201')).toEqual(Uint8Array.of(192, 0, 2, 1));
    });

    it.each([
        '1:2:3:4::5:6:7:8',
        '1::2::3',
        '1:2:3:4:5:6:7',
        ':1:2:3:4:5:6:7:8',
        '1.2.3.4::',
        '::1.2.3.4:5',
        '::1.2.3.256',
        '01.2.3.4',
    ])('refuses the address "%s"', (text) => {
        expect(() => parseIp(text)).toThrow(MarketplaceError);
    });

    it('reads nothing that another library would not read', () => {
        const texts = fc.oneof(
            fc.string({ maxLength: 50 }),
            fc.string({ unit: fc.constantFrom('0', '1', 'f', ':', '::', '.', '255', '%', ' '), maxLength: 20 }),
        );
        fc.assert(
            fc.property(texts, (text) => {
                try {
                    parseIp(text);
                } catch (error) {
                    if (!isMarketplaceError(error)) throw error;
                    return;
                }
                expect(ipaddr.isValid(text)).toBe(true);
            }),
            { numRuns: 2000 },
        );
    });
});
