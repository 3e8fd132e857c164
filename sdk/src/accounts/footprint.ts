import { concatBytes } from '../core/bytes.js';
import { decodeFootprint, encodeFootprint, type Footprint } from '../core/footprint.js';

/** A footprint as the market program stores it: the 18 bytes of `encodeFootprint` in three fields. */
export interface StoredFootprint {
    readonly kind: number;
    readonly prefixLength: number;
    readonly value: Uint8Array;
}

/** @throws MarketplaceError MKT_CORE__FOOTPRINT_INVALID unless it is canonical. */
export function decodeStoredFootprint({ kind, prefixLength, value }: StoredFootprint): Footprint {
    return decodeFootprint(concatBytes(Uint8Array.of(kind, prefixLength), value));
}

/** @throws MarketplaceError MKT_CORE__FOOTPRINT_INVALID. */
export function encodeStoredFootprint(footprint: Footprint): StoredFootprint {
    const bytes = encodeFootprint(footprint);
    return { kind: bytes[0] as number, prefixLength: bytes[1] as number, value: bytes.subarray(2) };
}
