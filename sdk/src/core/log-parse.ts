import { toHex, utf8 } from './bytes.js';
import { isMarketplaceError, MarketplaceError } from './error.js';
import { sha256 } from './hash.js';
import { assertLogFields } from './log-fields.js';
import { HOST_FORM, LOG_RECORD_TYPE, LOG_VERSION, type LogRecord, UUID_FORM } from './log-format.js';
import { decodeLogValue } from './log-value.js';

/** Bounds on what a stranger can make us hold: characters of a file, of a line, and lines. */
export const MAX_LOG_FILE_LENGTH = 64 * 1024 * 1024;
export const MAX_LOG_LINE_LENGTH = 256 * 1024;
export const MAX_LOG_LINES = 1_000_000;

export interface LogDirectives {
    readonly version: string;
    /** `urn:uuid:…` */
    readonly uuid: string;
    readonly claimedOrigin?: string;
    readonly establishedOrigin?: string;
    readonly remarks: readonly string[];
    readonly recordTypes: readonly string[];
    /** 64 lowercase digits, verified; absent if the file has none. */
    readonly sha256Hash?: string;
}

/** A record's texts as they stand in the file, for commitments. */
export interface RawLogRecord {
    readonly line: number;
    readonly fields: readonly string[];
    readonly values: readonly string[];
}

export interface IgnoredLogRecord {
    /** From one. */
    readonly line: number;
    /** Code of the rule that it breaks. */
    readonly reason: string;
}

export interface ParsedLogFile {
    readonly directives: LogDirectives;
    readonly records: readonly LogRecord[];
    /** One per record, in the same order. */
    readonly rawRecords: readonly RawLogRecord[];
    /** Records that do not match their `fields` directive: skipped, as RFC 7937 3.3 demands. */
    readonly ignored: readonly IgnoredLogRecord[];
}

interface State {
    readonly single: Map<string, string>;
    readonly remarks: string[];
    readonly recordTypes: string[];
    /** Of the current record-type; undefined until its `fields` directive. */
    fields: readonly string[] | undefined;
    readonly records: LogRecord[];
    readonly rawRecords: RawLogRecord[];
    readonly ignored: IgnoredLogRecord[];
}

const SINGLE_DIRECTIVES: ReadonlySet<string> = new Set([
    'version',
    'uuid',
    'claimed-origin',
    'established-origin',
    'sha256-hash',
]);

/**
 * Reads an RFC 7937 logging file. A file that breaks a rule of directives (3.3) is refused as a whole; single bad
 * records are ignored and counted. RFC 7937 lets a file go without a hash; `requireHash` does not, so that a cut-off end
 * shows. Throws MKT_CORE__LOG_FILE_TOO_LARGE, MKT_CORE__LOG_FILE_INVALID, MKT_CORE__LOG_FIELD_*.
 */
export function parseLogFile(text: string, options: { requireHash?: boolean } = {}): ParsedLogFile {
    if (text.length > MAX_LOG_FILE_LENGTH) {
        throw new MarketplaceError('MKT_CORE__LOG_FILE_TOO_LARGE', { length: text.length, max: MAX_LOG_FILE_LENGTH });
    }
    const lines = text.split('\r\n', MAX_LOG_LINES + 2);
    if (lines.length > MAX_LOG_LINES + 1) {
        throw new MarketplaceError('MKT_CORE__LOG_FILE_TOO_LARGE', { lines: lines.length, max: MAX_LOG_LINES });
    }
    if (lines.pop() !== '') throw invalidFile(lines.length + 1, 'the last line does not end in CRLF');
    const state: State = {
        single: new Map(),
        remarks: [],
        recordTypes: [],
        fields: undefined,
        records: [],
        rawRecords: [],
        ignored: [],
    };
    for (const [index, line] of lines.entries()) {
        if (state.single.has('sha256-hash')) throw invalidFile(index + 1, 'SHA256-hash is not the last line');
        if (line.startsWith('#')) readDirective(state, line, index + 1);
        else readRecord(state, line, index + 1);
    }
    if (options.requireHash === true && !state.single.has('sha256-hash')) {
        throw invalidFile(lines.length, 'SHA256-hash is missing');
    }
    return finish(state, text, lines);
}

function readDirective(state: State, line: string, number: number): void {
    const [, name = '', value = ''] = /^#([A-Za-z0-9-]{1,64}):\t([^\0\r\n]*)$/.exec(line) ?? [];
    const key = name.toLowerCase();
    if (key === '' || line.length > MAX_LOG_LINE_LENGTH) throw invalidFile(number, 'the directive is malformed');
    if ((number === 1) !== (key === 'version')) throw invalidFile(number, 'version is exactly once, in the first line');
    if (SINGLE_DIRECTIVES.has(key)) {
        if (state.single.has(key)) throw invalidFile(number, `${key} occurs twice`);
        state.single.set(key, value);
    } else if (key === 'remark') {
        state.remarks.push(value);
    } else if (key === 'record-type') {
        assertFieldsSeen(state, number);
        state.recordTypes.push(value);
        state.fields = undefined;
    } else if (key === 'fields') {
        if (state.recordTypes.length === 0) throw invalidFile(number, 'fields comes before record-type');
        state.fields = value.toLowerCase().split('\t');
        if (isKnownType(state)) assertLogFields(state.fields);
    }
}

function readRecord(state: State, line: string, number: number): void {
    if (state.fields === undefined) throw invalidFile(number, 'a record comes before its record-type and fields');
    if (!isKnownType(state)) {
        state.ignored.push({ line: number, reason: 'MKT_CORE__LOG_RECORD_TYPE_UNKNOWN' });
        return;
    }
    try {
        const values = line.length > MAX_LOG_LINE_LENGTH ? [] : line.split('\t');
        if (values.length !== state.fields.length) throw new MarketplaceError('MKT_CORE__LOG_RECORD_INVALID');
        const record: Record<string, string | undefined> = {};
        for (const [i, name] of state.fields.entries()) {
            const value = decodeLogValue(name, values[i] ?? '');
            if (value !== undefined) record[name] = value;
        }
        state.records.push(record);
        state.rawRecords.push({ line: number, fields: state.fields, values });
    } catch (error) {
        if (!isMarketplaceError(error)) throw error;
        state.ignored.push({ line: number, reason: error.code });
    }
}

function finish(state: State, text: string, lines: readonly string[]): ParsedLogFile {
    const last = lines.length;
    const { single } = state;
    if (single.get('version')?.toLowerCase() !== LOG_VERSION) throw invalidFile(1, `version is not ${LOG_VERSION}`);
    const uuid = single.get('uuid');
    if (uuid === undefined || !uuid.startsWith('urn:uuid:') || !UUID_FORM.test(uuid)) {
        throw invalidFile(last, 'UUID is not exactly once urn:uuid: and a UUID');
    }
    assertFieldsSeen(state, last);
    if (state.recordTypes.length === 0) throw invalidFile(last, 'record-type is missing');
    const claimedOrigin = readHost(state, 'claimed-origin');
    const establishedOrigin = readHost(state, 'established-origin');
    const sha256Hash = verifyHash(single.get('sha256-hash'), text, lines);
    const directives: LogDirectives = {
        version: LOG_VERSION,
        uuid,
        ...(claimedOrigin === undefined ? {} : { claimedOrigin }),
        ...(establishedOrigin === undefined ? {} : { establishedOrigin }),
        remarks: state.remarks,
        recordTypes: state.recordTypes,
        ...(sha256Hash === undefined ? {} : { sha256Hash }),
    };
    const { records, rawRecords, ignored } = state;
    return { directives, records, rawRecords, ignored };
}

/** SHA-256 over everything before the directive's own line. */
function verifyHash(claimed: string | undefined, text: string, lines: readonly string[]): string | undefined {
    if (claimed === undefined) return undefined;
    const hashed = text.slice(0, text.length - (lines[lines.length - 1] ?? '').length - 2);
    const actual = toHex(sha256(utf8(hashed)));
    if (claimed.toLowerCase() !== actual) throw invalidFile(lines.length, 'SHA256-hash does not match the file');
    return actual;
}

function readHost(state: State, name: string): string | undefined {
    const value = state.single.get(name);
    if (value !== undefined && !HOST_FORM.test(value)) throw invalidFile(1, `${name} is not a host`);
    return value;
}

function assertFieldsSeen(state: State, line: number): void {
    if (state.recordTypes.length > 0 && state.fields === undefined) {
        throw invalidFile(line, 'a record-type has no fields directive');
    }
}

function isKnownType(state: State): boolean {
    return state.recordTypes[state.recordTypes.length - 1]?.toLowerCase() === LOG_RECORD_TYPE;
}

function invalidFile(line: number, rule: string): MarketplaceError {
    return new MarketplaceError('MKT_CORE__LOG_FILE_INVALID', { line, rule });
}
