import { type GeoFact, readAsn, readCountry, readSubdivisions } from './geo-facts.js';
import type { GeoFile } from './geo-file.js';

/** What one file says of an address. */
export type Said =
    | { kind: 'asn'; asn: GeoFact<number> | null }
    | { kind: 'place'; country: GeoFact<string> | null; subdivisions: GeoFact<string>[] };

export function saidOf(
    { kind, source }: GeoFile,
    { record, prefixLength }: { record: unknown; prefixLength: number },
): Said {
    const from = { source: source.path, prefixLength };
    if (kind === 'asn') {
        const value = readAsn(record);
        return { kind: 'asn', asn: value === null ? null : { value, ...from } };
    }
    const country = readCountry(record);
    return {
        kind: 'place',
        country: country === null ? null : { value: country, ...from },
        subdivisions: kind === 'city' ? readSubdivisions(record, country).map((value) => ({ value, ...from })) : [],
    };
}
