import { MarketplaceError } from './error.js';

/** Field ids of record commitments (security 3.3) by name of RFC 7937 3.4.1. */
export const LOG_FIELDS = {
    date: 1,
    time: 2,
    'time-taken': 3,
    'c-groupid': 4,
    's-ip': 5,
    's-hostname': 6,
    's-port': 7,
    'cs-method': 8,
    'cs-uri': 9,
    'u-uri': 10,
    protocol: 11,
    'sc-status': 12,
    'sc-total-bytes': 13,
    'sc-entity-bytes': 14,
    's-ccid': 15,
    's-sid': 16,
    's-cached': 17,
} as const;
export type LogFieldName = keyof typeof LOG_FIELDS;

/** Fields that every record holds exactly once (RFC 7937 3.4.1). */
export const MANDATORY_LOG_FIELDS: readonly LogFieldName[] = [
    'date',
    'time',
    'time-taken',
    'c-groupid',
    'cs-method',
    'u-uri',
    'protocol',
    'sc-status',
    'sc-total-bytes',
];

/** Ids from here on are `cs()` and `sc()` headers, in the order of the contract's manifest. */
export const FIRST_HEADER_FIELD_ID = 64;
const MAX_HEADER_FIELDS = 64;
const MAX_FIELDS = Object.keys(LOG_FIELDS).length + MAX_HEADER_FIELDS;

/**
 * Headers that a log may hold. A list of what is allowed, not of what is refused: cookies, authorizations and the many
 * headers with a client's address must never get in, also those invented after this was written.
 */
const LOGGABLE_HEADERS: ReadonlySet<string> = new Set([
    'accept',
    'accept-encoding',
    'age',
    'cache-control',
    'content-encoding',
    'content-length',
    'content-range',
    'content-type',
    'etag',
    'if-modified-since',
    'if-none-match',
    'last-modified',
    'range',
    'user-agent',
]);

export function isLogFieldName(name: string): name is LogFieldName {
    return Object.hasOwn(LOG_FIELDS, name);
}

/** Whether a name is `cs(header)` or `sc(header)` with a header that a log may hold; lowercase. */
export function isLogHeaderName(name: string): boolean {
    const header = /^[cs]{2}\(([a-z0-9-]{1,64})\)$/.exec(name)?.[1];
    return (name.startsWith('cs(') || name.startsWith('sc(')) && header !== undefined && LOGGABLE_HEADERS.has(header);
}

/** Id of a field; headers count from 64 by their place in `headerFields`. Throws MKT_CORE__LOG_FIELD_UNKNOWN. */
export function logFieldId(name: string, headerFields: readonly string[] = []): number {
    if (isLogFieldName(name)) return LOG_FIELDS[name];
    const place = isLogHeaderName(name) ? headerFields.indexOf(name) : -1;
    if (place < 0 || place >= MAX_HEADER_FIELDS) throw new MarketplaceError('MKT_CORE__LOG_FIELD_UNKNOWN', { name });
    return FIRST_HEADER_FIELD_ID + place;
}

/**
 * Accepts what a `fields` directive may list: known lowercase names, each once, all mandatory ones.
 * Throws MKT_CORE__LOG_FIELD_UNKNOWN, MKT_CORE__LOG_FIELD_TWICE, MKT_CORE__LOG_FIELD_MISSING, MKT_CORE__LOG_FIELDS_TOO_MANY.
 */
export function assertLogFields(fields: readonly string[]): void {
    if (fields.length > MAX_FIELDS) {
        throw new MarketplaceError('MKT_CORE__LOG_FIELDS_TOO_MANY', { count: fields.length, max: MAX_FIELDS });
    }
    const seen = new Set<string>();
    for (const name of fields) {
        if (!isLogFieldName(name) && !isLogHeaderName(name)) {
            throw new MarketplaceError('MKT_CORE__LOG_FIELD_UNKNOWN', { name });
        }
        if (seen.has(name)) throw new MarketplaceError('MKT_CORE__LOG_FIELD_TWICE', { name });
        seen.add(name);
    }
    const missing = MANDATORY_LOG_FIELDS.find((name) => !seen.has(name));
    if (missing !== undefined) throw new MarketplaceError('MKT_CORE__LOG_FIELD_MISSING', { name: missing });
}
