import { encodeFootprint, type Footprint } from './footprint.js';

/**
 * Whether every client of the inner footprint is one of the outer, as far as the names alone can tell: an autonomous
 * system's prefixes are not on chain, so an ASN covers only itself.
 *
 * @throws MarketplaceError MKT_CORE__FOOTPRINT_INVALID.
 * @example footprintCovers({ kind: 'countrycode', value: 'us' }, { kind: 'subdivisioncode', value: 'us-ny' }); // true
 */
export function footprintCovers(outer: Footprint, inner: Footprint): boolean {
    const [outerBytes, innerBytes] = [encodeFootprint(outer), encodeFootprint(inner)];
    if (outer.kind === 'any') return true;
    if (outer.kind === 'countrycode' && inner.kind === 'subdivisioncode') {
        return inner.value.startsWith(`${outer.value}-`);
    }
    if (outer.kind !== inner.kind) return false;
    if (outer.kind !== 'ipv4cidr' && outer.kind !== 'ipv6cidr') return outer.value === inner.value;
    const [outerBits = 0, innerBits = 0] = [outerBytes[1], innerBytes[1]];
    return outerBits <= innerBits && toBits(outerBytes, outerBits) === toBits(innerBytes, outerBits);
}

/** The first `length` bits of an encoded prefix's address. */
function toBits(bytes: Uint8Array, length: number): string {
    return Array.from(bytes.subarray(2), (byte) => byte.toString(2).padStart(8, '0'))
        .join('')
        .slice(0, length);
}
