/** What a file or table says of an address, and for which part of the address space it says so. */
export interface GeoFact<T> {
    value: T;
    source: string;
    prefixLength: number;
}
/** What is known of an address beyond its bits. Codes are in lower case, as footprints have them (RFC 9388). */
export interface GeoFacts {
    /** Several where the operator's table gives one prefix to several systems. */
    asns: readonly GeoFact<number>[];
    /** The most specific first. */
    subdivisions: readonly GeoFact<string>[];
    country: GeoFact<string> | null;
}

/** Two sources that cannot both be right. */
export interface Contradiction {
    kind: 'asn' | 'country' | 'declared asn' | 'declared country' | 'beacon key' | 'beacon state';
    /** Where: never more than the /24 or /48 of a client or BEACON, or the prefix of a claim. */
    network: string;
    says: readonly { source: string; value: string }[];
}

export interface GeoSource {
    path: string;
    kind: GeoKind;
    /** As the file names itself. */
    databaseType: string;
    builtAtMs: number;
    loadedAtMs: number;
}
export const GEO_KINDS = ['asn', 'country', 'city'] as const;
/** What is taken from a file; of a `city` file country and subdivisions. */
export type GeoKind = (typeof GEO_KINDS)[number];

const MAX_ASN = 4_294_967_295;
const COUNTRY = /^[a-z]{2}$/;
const SUBDIVISION = /^[a-z0-9]{1,3}$/;

const fieldOf = (record: unknown, name: string): unknown =>
    typeof record === 'object' && record !== null ? (record as Record<string, unknown>)[name] : undefined;

/** Number of an autonomous system, as the vendors write it: a number, or `AS64496`. */
export function readAsn(record: unknown): number | null {
    const value = fieldOf(record, 'autonomous_system_number') ?? fieldOf(record, 'asn');
    const asn = typeof value === 'string' && /^AS[0-9]{1,10}$/i.test(value) ? Number(value.slice(2)) : value;
    return typeof asn === 'number' && Number.isInteger(asn) && asn >= 1 && asn <= MAX_ASN ? asn : null;
}

/** Alpha-2 code, from `country.iso_code`, `country_code` or a flat `country`. */
export function readCountry(record: unknown): string | null {
    const country = fieldOf(record, 'country');
    const value = fieldOf(country, 'iso_code') ?? fieldOf(record, 'country_code') ?? country;
    const code = typeof value === 'string' ? value.toLowerCase() : '';
    return COUNTRY.test(code) ? code : null;
}

/** ISO 3166-2 codes, the most specific first. */
export function readSubdivisions(record: unknown, country: string | null): string[] {
    const listed = fieldOf(record, 'subdivisions');
    if (country === null || !Array.isArray(listed)) return [];
    return listed
        .slice(0, 4)
        .map((part) => String(fieldOf(part, 'iso_code') ?? '').toLowerCase())
        .filter((code) => SUBDIVISION.test(code))
        .map((code) => `${country}-${code}`)
        .reverse();
}
