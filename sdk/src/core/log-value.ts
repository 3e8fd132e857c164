import { utf8 } from './bytes.js';
import { MarketplaceError } from './error.js';
import { MAX_U64 } from './fields.js';
import { parseIpv4, parseIpv6 } from './ip.js';
import { isLogFieldName, MANDATORY_LOG_FIELDS } from './log-fields.js';
import { MAX_FIELD_VALUE_BYTES } from './record-commitment.js';

/** A missing value of a listed field (RFC 7937 3.4). */
export const MISSING_LOG_VALUE = '-';

/** Refused text forms of a value, by field; headers are quoted strings. */
type Form =
    | 'date'
    | 'time'
    | 'decimal'
    | 'text'
    | 'uri'
    | 'group'
    | 'address'
    | 'host'
    | 'port'
    | 'status'
    | 'count'
    | 'flag'
    | 'quoted';

const FORMS: Readonly<Record<string, Form>> = {
    date: 'date',
    time: 'time',
    'time-taken': 'decimal',
    'c-groupid': 'group',
    's-ip': 'address',
    's-hostname': 'host',
    's-port': 'port',
    'cs-method': 'text',
    'cs-uri': 'uri',
    'u-uri': 'uri',
    protocol: 'text',
    'sc-status': 'status',
    'sc-total-bytes': 'count',
    'sc-entity-bytes': 'count',
    's-ccid': 'quoted',
    's-sid': 'quoted',
    's-cached': 'flag',
};

/**
 * Text of a value exactly as it stands in a record (RFC 7937 3.2): this is what record commitments hash.
 * Missing or empty becomes `-`; queries and fragments of URIs are cut off (security 3.2, P4).
 * Throws MKT_CORE__LOG_VALUE_MISSING, MKT_CORE__LOG_VALUE_INVALID, MKT_CORE__LOG_VALUE_TOO_LONG, MKT_CORE__LOG_CLIENT_ADDRESS.
 */
export function encodeLogValue(name: string, value: string | undefined): string {
    const form = formOf(name);
    const isMissing = value === undefined || value === '' || (form !== 'quoted' && value === MISSING_LOG_VALUE);
    if (isMissing) {
        if (isMandatory(name)) throw new MarketplaceError('MKT_CORE__LOG_VALUE_MISSING', { name });
        return MISSING_LOG_VALUE;
    }
    const text =
        form === 'quoted' ? `"${escapeText(value).replace(/"|%x22/g, '%22')}"` : escapeText(withoutQuery(form, value));
    assertLogValue(name, text);
    return text;
}

/** Value of a record's text: `undefined` for `-`, quoted strings unquoted. Throws as {@link assertLogValue}. */
export function decodeLogValue(name: string, text: string): string | undefined {
    assertLogValue(name, text);
    if (text === MISSING_LOG_VALUE) return undefined;
    if (formOf(name) !== 'quoted') return text;
    // RFC 7937's grammar writes %22, its examples %x22. Other escapes stay: decoded control characters forge log lines.
    return text.slice(1, -1).replace(/%x?22/g, '"');
}

/** Throws MKT_CORE__LOG_VALUE_MISSING, MKT_CORE__LOG_VALUE_INVALID, MKT_CORE__LOG_VALUE_TOO_LONG, MKT_CORE__LOG_CLIENT_ADDRESS. */
export function assertLogValue(name: string, text: string): void {
    if (text.length > MAX_FIELD_VALUE_BYTES) {
        throw new MarketplaceError('MKT_CORE__LOG_VALUE_TOO_LONG', { name, length: text.length });
    }
    if (text === MISSING_LOG_VALUE) {
        if (isMandatory(name)) throw new MarketplaceError('MKT_CORE__LOG_VALUE_MISSING', { name });
        return;
    }
    const form = formOf(name);
    if (!/^[\x20-\x7e]+$/.test(text) || !hasForm(form, text)) {
        throw new MarketplaceError('MKT_CORE__LOG_VALUE_INVALID', { name, form, value: text });
    }
    if (form === 'group' && containsIp(text)) throw new MarketplaceError('MKT_CORE__LOG_CLIENT_ADDRESS', { name });
}

function formOf(name: string): Form {
    return (isLogFieldName(name) ? FORMS[name] : undefined) ?? 'quoted';
}

function isMandatory(name: string): boolean {
    return isLogFieldName(name) && MANDATORY_LOG_FIELDS.includes(name);
}

function hasForm(form: Form, text: string): boolean {
    switch (form) {
        case 'date':
            return /^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$/.test(text) && isCalendarDate(text);
        case 'time':
            return /^([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\.[0-9]{1,9})?$/.test(text);
        case 'decimal':
            return /^[0-9]{1,15}(\.[0-9]{1,9})?$/.test(text);
        case 'address':
            return parseIpv4(text) !== undefined || parseIpv6(text) !== undefined;
        case 'host':
            return /^[A-Za-z0-9._:[\]-]{1,255}$/.test(text);
        case 'port':
            return /^[0-9]{1,5}$/.test(text) && Number(text) <= 65_535;
        case 'status':
            return /^[0-9]{3}$/.test(text);
        case 'count':
            return /^[0-9]{1,20}$/.test(text) && BigInt(text) <= MAX_U64;
        case 'flag':
            return /^[0-9]$/.test(text);
        case 'quoted':
            return /^"[^"]*"$/.test(text);
        default:
            return true;
    }
}

function isCalendarDate(text: string): boolean {
    const date = new Date(`${text}T00:00:00Z`);
    return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** Everything but printable ASCII as %XX of its UTF-8 bytes. `%` itself stays: URIs arrive percent-encoded already. */
function escapeText(value: string): string {
    if (/^[\x20-\x7e]*$/.test(value)) return value;
    let text = '';
    for (const byte of utf8(value)) {
        const isPrintable = byte >= 0x20 && byte <= 0x7e;
        text += isPrintable ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    }
    return text;
}

function withoutQuery(form: Form, value: string): string {
    return form === 'uri' ? value.replace(/[?#].*$/s, '') : value;
}

/** `c-groupid` names a group of clients; an address in it would name one of them (RFC 7937 3.4.1, security P2). */
function containsIp(text: string): boolean {
    return text.split(/[^0-9A-Fa-f:.]+/).some((part) => parseIpv4(part) !== undefined || parseIpv6(part) !== undefined);
}
