import type { RequestEntry } from './entries.js';

/** Text that JSON writes as it is. */
const PLAIN = /^[ !#-[\]-~]*$/;
const text = '"([ !#-[\\]-~]*)"';
const integer = '(0|[1-9]\\d{0,14})';
/** A request as {@link formatRequest} writes it, which passes its schema: it needs neither a parser nor the schema. */
const LINE = new RegExp(
    `^\\{"type":"request","session":(?:null|"([0-9a-f]{64})"),"endedAtMs":${integer},"takenMs":${integer},"method":${text},` +
        `"uri":${text},"protocol":${text},"status":${integer},"totalBytes":${integer},"entityBytes":${integer},"isCached":(true|false)\\}$`,
);

/** What `JSON.stringify` gives: almost every entry is a request, and it is known what is in it. */
export function formatRequest(entry: RequestEntry): string {
    const { session, endedAtMs, takenMs, method, uri, protocol, status, totalBytes, entityBytes, isCached } = entry;
    const isPlain =
        PLAIN.test(method) && PLAIN.test(uri) && PLAIN.test(protocol) && (session === null || PLAIN.test(session));
    const areIntegers =
        Number.isSafeInteger(endedAtMs) &&
        Number.isSafeInteger(takenMs) &&
        Number.isSafeInteger(status) &&
        Number.isSafeInteger(totalBytes) &&
        Number.isSafeInteger(entityBytes);
    if (!isPlain || !areIntegers) return JSON.stringify(entry);
    const owner = session === null ? 'null' : `"${session}"`;
    return `{"type":"request","session":${owner},"endedAtMs":${endedAtMs},"takenMs":${takenMs},"method":"${method}","uri":"${uri}","protocol":"${protocol}","status":${status},"totalBytes":${totalBytes},"entityBytes":${entityBytes},"isCached":${isCached}}`;
}

/** Null for what is another entry, or is written otherwise: that is for the parser and its schema. */
export function parseRequest(line: string): RequestEntry | null {
    const found = LINE.exec(line);
    if (found === null) return null;
    return {
        type: 'request',
        session: found[1] ?? null,
        endedAtMs: Number(found[2]),
        takenMs: Number(found[3]),
        method: found[4] as string,
        uri: found[5] as string,
        protocol: found[6] as string,
        status: Number(found[7]),
        totalBytes: Number(found[8]),
        entityBytes: Number(found[9]),
        isCached: found[10] === 'true',
    };
}
