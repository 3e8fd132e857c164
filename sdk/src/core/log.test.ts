import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import table from '../../../tests/vectors/log-files.json' with { type: 'json' };
import { isMarketplaceError, MarketplaceError } from './error.js';
import { LOG_FIELDS, logFieldId, MANDATORY_LOG_FIELDS } from './log-fields.js';
import { encodeLogValues, formatLogFile, formatLogTimestamp, type LogFileInput, type LogRecord } from './log-format.js';
import { MAX_LOG_LINE_LENGTH, parseLogFile } from './log-parse.js';
import { decodeLogValue, encodeLogValue } from './log-value.js';
import { MAX_FIELD_VALUE_BYTES } from './record-commitment.js';

const UUID = 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6';
const FIELDS = [...MANDATORY_LOG_FIELDS, 's-ccid', 'cs(user-agent)'];
const GOOD: LogRecord = {
    date: '2026-01-02',
    time: '03:04:05',
    'time-taken': '0.5',
    'c-groupid': '7',
    'cs-method': 'GET',
    'u-uri': '/a.m4s',
    protocol: 'HTTP/1.1',
    'sc-status': '200',
    'sc-total-bytes': '48000000',
};
type Row = (typeof table.parse)[number];

describe('RFC 7937 logs', () => {
    it.each(table.format)('formats and reads back: $name', ({ input, text, ...row }) => {
        expect(formatLogFile(input as LogFileInput)).toBe(text);
        const file = parseLogFile(text);
        expect(file.ignored).toEqual([]);
        expect(file.records).toEqual('parsed' in row ? row.parsed : input.records);
        expect(file.directives.uuid).toBe(`urn:uuid:${UUID}`);
        expect(file.directives.claimedOrigin).toBe('claimedOrigin' in input ? input.claimedOrigin : undefined);
    });

    it.each(table.parse)('reads: $name', ({ text, records, ignored, directives }: Row) => {
        const file = parseLogFile(text);
        expect(file.records).toEqual(records);
        expect(file.ignored.map(({ line }) => line)).toEqual(ignored);
        if (directives !== undefined) expect(file.directives).toMatchObject(directives);
    });

    it.each(table.rejected)('refuses the whole file: $name', ({ text }) => {
        expect(() => parseLogFile(text)).toThrow(MarketplaceError);
    });

    it.each(table.invalidValues)('refuses to log $name "$value"', ({ name, value }) => {
        expect(() => encodeLogValue(name, value)).toThrow(MarketplaceError);
    });

    it('keeps the exact text of each record for its commitment', () => {
        const text = formatLogFile({ uuid: UUID, fields: FIELDS, records: [{ ...GOOD, 's-ccid': 'a"b\t' }] });
        const [raw] = parseLogFile(text).rawRecords;
        expect(raw?.values).toEqual(encodeLogValues(FIELDS, { ...GOOD, 's-ccid': 'a"b\t' }));
        expect(raw?.values).toContain('"a%22b%09"');
    });

    it('has a fixed id for every field and for the headers of a manifest', () => {
        expect(Object.values(LOG_FIELDS)).toEqual(Array.from({ length: 17 }, (_, i) => i + 1));
        expect(logFieldId('sc-total-bytes')).toBe(13);
        expect(logFieldId('sc(etag)', ['cs(range)', 'sc(etag)'])).toBe(65);
        const unknown = [
            'c-ip',
            'cs(cookie)',
            'cs(x-forwarded-for)',
            'cs(range)',
            'xs(range)',
            'toString',
            '__proto__',
            '',
        ];
        for (const name of unknown) {
            expect(() => logFieldId(name, ['cs(cookie)']), name).toThrow(MarketplaceError);
        }
    });

    it('writes a moment as UTC date and time', () => {
        expect(formatLogTimestamp(1_760_000_123_456)).toEqual({ date: '2025-10-09', time: '08:55:23.456' });
        for (const moment of [Number.NaN, Infinity, 1e17]) {
            expect(() => formatLogTimestamp(moment)).toThrow(MarketplaceError);
        }
    });

    it('lets no value forge a line, a column or a directive', () => {
        const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 60 });
        const nasty = fc.string({
            unit: fc.constantFrom('#', '\t', '\r', '\n', '\0', '"', '%', '%x22', 'a', 'é'),
            minLength: 1,
        });
        const value = fc.oneof(text, nasty);
        fc.assert(
            fc.property(value, value, value, (method, ccid, agent) => {
                const record = { ...GOOD, 'cs-method': `x${method}`, 's-ccid': ccid, 'cs(user-agent)': agent };
                const fields = ['cs-method', ...FIELDS.filter((name) => name !== 'cs-method')];
                const file = formatLogFile({ uuid: UUID, fields, records: [record, record] });
                const parsed = parseLogFile(file);
                expect(parsed.records).toHaveLength(2);
                expect(parsed.ignored).toEqual([]);
                expect(file).toMatch(/^[\x20-\x7e\t\r\n]*$/);
                // What was read formats to the same bytes again, so commitments can be recomputed from it.
                expect(formatLogFile({ uuid: UUID, fields, records: parsed.records })).toBe(file);
            }),
            { numRuns: 300 },
        );
    });

    it('notices any changed character of a file', () => {
        const file = formatLogFile({ uuid: UUID, fields: FIELDS, records: [GOOD, GOOD] });
        const hashed = file.length - '#SHA256-hash:\t'.length - 66;
        fc.assert(
            fc.property(fc.nat(hashed - 1), fc.string({ minLength: 1, maxLength: 1 }), (place, character) => {
                fc.pre(file[place] !== character);
                const changed = file.slice(0, place) + character + file.slice(place + 1);
                expect(() => parseLogFile(changed, { requireHash: true })).toThrow(MarketplaceError);
            }),
        );
    });

    it('throws nothing but MarketplaceError for hostile files and values', () => {
        const file = formatLogFile({ uuid: UUID, fields: FIELDS, records: [GOOD] });
        const pieces = fc.constantFrom(
            '#',
            ':\t',
            '\r\n',
            '\t',
            'version',
            'fields',
            'UUID',
            'cdni/1.0',
            ...file.split('\r\n'),
        );
        const hostile = fc.oneof(
            fc.string({ unit: 'binary' }),
            fc.array(pieces).map((parts) => parts.join('')),
        );
        const quiet = (run: () => unknown) => {
            try {
                run();
            } catch (error) {
                if (!isMarketplaceError(error)) throw error;
            }
        };
        fc.assert(
            fc.property(hostile, fc.constantFrom(...Object.keys(LOG_FIELDS)), (text, name) => {
                quiet(() => parseLogFile(text));
                quiet(() => parseLogFile(`#version:\tcdni/1.0\r\n${text}`));
                quiet(() => encodeLogValue(name, text));
                quiet(() => decodeLogValue(name, text));
            }),
            { numRuns: 500 },
        );
    });

    it('ignores an endless record and refuses an endless directive', () => {
        const head = formatLogFile({ uuid: UUID, fields: FIELDS, records: [] }).split('#SHA256')[0] as string;
        const endless = 'x'.repeat(MAX_LOG_LINE_LENGTH + 1);
        expect(parseLogFile(`${head}${endless}\r\n`).ignored).toHaveLength(1);
        const long = 'x'.repeat(MAX_FIELD_VALUE_BYTES - 2);
        const texts = { 'c-groupid': long, 'cs-method': long, 'u-uri': long };
        const fit = encodeLogValues(FIELDS, { ...GOOD, ...texts }).join('\t');
        expect(parseLogFile(`${head}${fit}\r\n`).records).toHaveLength(1);
        const over = encodeLogValues(FIELDS, { ...GOOD, ...texts, protocol: long, 's-ccid': long }).join('\t');
        expect(parseLogFile(`${head}${over}\r\n`).ignored).toHaveLength(1);
        expect(() => parseLogFile(`${head}#remark:\t${endless}\r\n`)).toThrow(MarketplaceError);
    });
});
