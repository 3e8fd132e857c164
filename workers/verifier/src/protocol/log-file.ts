import { sha256, toHex } from './bytes.js';

/** One line of a log file that holds a record. `number` counts from one. */
export type LogLine = { number: number; text: string; fields: readonly string[] };
export type LogFile = {
    lines: ReadonlyMap<number, LogLine>;
    /** Lines of directives. */
    directives: readonly number[];
    problems: readonly { line: number; problem: string }[];
    /** False when `SHA256-hash` is missing or does not match. */
    isHashRight: boolean;
    lineCount: number;
};

const DIRECTIVE = /^#([A-Za-z0-9-]{1,64}):\t([^\r\n]*)$/;
/** Directives of RFC 7937 3.3, those that may stand once. */
const ONCE = ['version', 'UUID', 'claimed-origin', 'established-origin', 'SHA256-hash'];
const KNOWN = [...ONCE, 'remark', 'record-type', 'fields'];
const VERSION = 'cdni/1.0';
const RECORD_TYPE = 'cdni_http_request_v1';

/** Reads an RFC 7937 logging file. What is wrong is told by line, and the other lines are still read. */
export function readLogFile(bytes: Uint8Array): LogFile {
    // One character per byte: line numbers and hashes stay right whatever a broken file holds.
    const text = Buffer.from(bytes).toString('latin1');
    const rows = text.split('\r\n');
    const problems: { line: number; problem: string }[] = [];
    const lines = new Map<number, LogLine>();
    const directives: number[] = [];
    const seen = new Set<string>();
    let fields: readonly string[] = [];
    if (rows.pop() !== '') problems.push({ line: rows.length + 1, problem: 'does not end in CRLF' });
    for (const [index, row] of rows.entries()) {
        const line = index + 1;
        if (!row.startsWith('#')) {
            const value = Buffer.from(row, 'latin1').toString('utf8');
            lines.set(line, { number: line, text: value, fields });
            if (row.split('\t').length !== fields.length)
                problems.push({ line, problem: 'does not have a value for each field' });
            continue;
        }
        directives.push(line);
        const [, name = '', value = ''] = DIRECTIVE.exec(row) ?? [];
        const problem = judgeDirective(name, value, line, seen);
        if (problem !== null) problems.push({ line, problem });
        seen.add(name);
        if (name === 'fields') fields = value.split('\t');
    }
    const last = rows.at(-1) ?? '';
    const hashed = text.slice(0, text.length - last.length - 2);
    const claimed = /^#SHA256-hash:\t([0-9a-f]{64})$/.exec(last)?.[1];
    const isHashRight = claimed === toHex(sha256(Buffer.from(hashed, 'latin1')));
    for (const name of ['version', 'UUID', 'record-type', 'fields', 'SHA256-hash'])
        if (!seen.has(name)) problems.push({ line: rows.length, problem: `the directive ${name} is missing` });
    return { lines, directives, problems, isHashRight, lineCount: rows.length };
}

function judgeDirective(name: string, value: string, line: number, seen: ReadonlySet<string>): string | null {
    if (!KNOWN.includes(name)) return 'is no directive of RFC 7937';
    if ((line === 1) !== (name === 'version')) return 'version stands in the first line and only there';
    if (seen.has('SHA256-hash')) return 'stands after SHA256-hash';
    if (ONCE.includes(name) && seen.has(name)) return `${name} stands twice`;
    if (name === 'version' && value !== VERSION) return `version is not ${VERSION}`;
    if (name === 'record-type' && value !== RECORD_TYPE) return `record-type is not ${RECORD_TYPE}`;
    if (name === 'fields' && !seen.has('record-type')) return 'fields stands before record-type';
    if (name === 'UUID' && !/^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value))
        return 'UUID is no urn:uuid';
    return null;
}
