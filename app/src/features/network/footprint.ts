import { FOOTPRINT_KINDS, type Footprint } from '@ocm/sdk/core';

/** `203.0.113.0/24`, `AS64496`, `country de`: the footprint as people write it. */
export function formatFootprint({ kind, value }: Pick<Footprint, 'kind' | 'value'>): string {
    switch (kind) {
        case 'any':
            return 'any';
        case 'asn':
            return `AS${value.replace(/^as/i, '')}`;
        case 'countrycode':
            return `country ${value}`;
        case 'subdivisioncode':
            return `region ${value}`;
        default:
            return value;
    }
}

/** The same for the router's own notation, `kind:value`; what it does not know it leaves as it is. */
export function formatFootprintText(text: string): string {
    const at = text.indexOf(':');
    const kind = FOOTPRINT_KINDS.find((known) => known === text.slice(0, at));
    return kind ? formatFootprint({ kind, value: text.slice(at + 1) }) : text;
}
