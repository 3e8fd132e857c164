import { toHex, utf8 } from './bytes.js';
import { MarketplaceError } from './error.js';
import { sha256 } from './hash.js';
import { assertLogFields } from './log-fields.js';
import { encodeLogValue } from './log-value.js';

export const LOG_VERSION = 'cdni/1.0';
export const LOG_RECORD_TYPE = 'cdni_http_request_v1';
export const UUID_FORM = /^(?:urn:uuid:)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;
export const HOST_FORM = /^[A-Za-z0-9._:[\]-]{1,255}$/;

/** Values of one record by field name, not escaped; absent = missing. It has no field for a client's address. */
export type LogRecord = Readonly<Record<string, string | undefined>>;

export interface LogFileInput {
    /** 36 characters, with or without `urn:uuid:`. */
    readonly uuid: string;
    /** Host of the entity that writes the file. */
    readonly claimedOrigin?: string;
    readonly fields: readonly string[];
    readonly records: readonly LogRecord[];
}

/**
 * RFC 7937 logging file: CRLF lines, tab-separated values, `SHA256-hash` last.
 * The hash shows truncation and corruption only; what commits a seller is the record commitment.
 * Throws MKT_CORE__LOG_UUID_INVALID, MKT_CORE__LOG_ORIGIN_INVALID, MKT_CORE__LOG_FIELD_*, MKT_CORE__LOG_VALUE_*.
 */
export function formatLogFile({ records, ...head }: LogFileInput): string {
    const lines = records.map((record) => `${formatLogLine(encodeLogValues(head.fields, record))}\r\n`);
    const body = `${formatLogHead(head)}${lines.join('')}`;
    return `${body}${formatLogHash(utf8(body))}`;
}

/** A record as its line, without the CRLF, of what {@link encodeLogValues} has made of it. */
export const formatLogLine = (values: readonly string[]): string => values.join('\t');

/** The directives before the records, each with its CRLF. Throws MKT_CORE__LOG_UUID_INVALID, MKT_CORE__LOG_ORIGIN_INVALID, MKT_CORE__LOG_FIELD_*. */
export function formatLogHead({ uuid, claimedOrigin, fields }: Omit<LogFileInput, 'records'>): string {
    const id = UUID_FORM.exec(uuid)?.[1];
    if (id === undefined) throw new MarketplaceError('MKT_CORE__LOG_UUID_INVALID', { uuid });
    if (claimedOrigin !== undefined && !HOST_FORM.test(claimedOrigin)) {
        throw new MarketplaceError('MKT_CORE__LOG_ORIGIN_INVALID', { claimedOrigin });
    }
    assertLogFields(fields);
    const lines = [
        `#version:\t${LOG_VERSION}`,
        `#UUID:\turn:uuid:${id.toLowerCase()}`,
        ...(claimedOrigin === undefined ? [] : [`#claimed-origin:\t${claimedOrigin}`]),
        `#record-type:\t${LOG_RECORD_TYPE}`,
        `#fields:\t${fields.join('\t')}`,
    ];
    return `${lines.join('\r\n')}\r\n`;
}

/** The last line, of the bytes before it: {@link formatLogHead} and the records, each with its CRLF. */
export const formatLogHash = (body: Uint8Array): string => `#SHA256-hash:\t${toHex(sha256(body))}\r\n`;

/**
 * The texts of a record in the order of `fields`, exactly as they stand in the file and as record commitments hash them.
 * Throws MKT_CORE__LOG_VALUE_*, MKT_CORE__LOG_CLIENT_ADDRESS.
 */
export function encodeLogValues(fields: readonly string[], record: LogRecord): string[] {
    return fields.map((name, place) => {
        const text = encodeLogValue(name, record[name]);
        // A record that starts with '#' would be read as a directive: whoever chooses that value could forge one.
        return place === 0 && text.startsWith('#') ? `%23${text.slice(1)}` : text;
    });
}

/** `date` and `time` (UTC, milliseconds) of a moment in Unix milliseconds. Throws MKT_CORE__FIELD_OUT_OF_RANGE. */
export function formatLogTimestamp(unixMs: number): { date: string; time: string } {
    const moment = new Date(unixMs);
    const year = moment.getUTCFullYear();
    if (Number.isNaN(year) || year < 0 || year > 9999) {
        throw new MarketplaceError('MKT_CORE__FIELD_OUT_OF_RANGE', { field: 'unixMs', value: unixMs });
    }
    const text = moment.toISOString();
    return { date: text.slice(0, 10), time: text.slice(11, 23) };
}
