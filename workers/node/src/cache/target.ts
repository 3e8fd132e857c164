import { RequestProblem } from '../http/problem.js';

/** Longest request target served, in bytes: long enough for signed media URLs, short enough to bound keys and log lines. */
export const MAX_TARGET_BYTES = 2048;
/** Paths of our own control interface; never fetched from a parent, never cached. */
export const RESERVED_PREFIX = '/.well-known/ocm';

export interface MediaTarget {
    /** Normalised absolute path (RFC 3986 6.2.2): unreserved characters decoded, dot segments removed. */
    path: string;
    /** Query of the request as it came, without `?`; empty if none. For redirects only. */
    rawQuery: string;
    /** Pairs of the allow-list in the order received; the only part of a query that reaches key and parent. */
    keyedQuery: string;
}

const UNRESERVED = /[A-Za-z0-9\-._~]/;
// Characters of an RFC 3986 path; anything else must come percent-encoded.
const PATH_CHARACTERS = /^[A-Za-z0-9\-._~!$&'()*+,;=:@/%]*$/;
const QUERY_CHARACTERS = /^[A-Za-z0-9\-._~!$&'()*+,;=:@/?%[\]]*$/;

const invalid = (why: string): RequestProblem =>
    new RequestProblem(400, 'MKT_NODE__PATH_INVALID', `The path ${why}; send a normalised path.`);

/** `%2F` decoded by one hop and not by the next names two objects by one key (cache deception), so it is refused. */
function normaliseEscapes(path: string): string {
    return path.replace(/%(..?)?/g, (encoded, digits: string | undefined) => {
        if (digits === undefined || !/^[0-9A-Fa-f]{2}$/.test(digits)) throw invalid('has a broken percent-encoding');
        const octet = Number.parseInt(digits, 16);
        if (octet < 0x20 || octet === 0x7f) throw invalid('encodes a control character');
        if (octet === 0x2f || octet === 0x5c) throw invalid('encodes a slash or backslash');
        const character = String.fromCharCode(octet);
        return UNRESERVED.test(character) ? character : encoded.toUpperCase();
    });
}

function removeDotSegments(path: string): string {
    const kept: string[] = [];
    const segments = path.split('/').slice(1);
    segments.forEach((segment, index) => {
        const isLast = index === segments.length - 1;
        if (segment === '..') {
            if (kept.length === 0) throw invalid('climbs above its root');
            kept.pop();
            if (isLast) kept.push('');
        } else if (segment === '.') {
            if (isLast) kept.push('');
        } else {
            kept.push(segment);
        }
    });
    return `/${kept.join('/')}`;
}

function keepAllowed(query: string, allowed: ReadonlySet<string>): string {
    if (query === '' || allowed.size === 0) return '';
    return query
        .split('&')
        .filter((pair) => allowed.has(pair.split('=', 1)[0] ?? ''))
        .join('&');
}

/**
 * Reads a request target in origin form.
 * @throws RequestProblem 414 over 2 KiB; 421 absolute form (we are no open proxy); 400 for what two hops could read differently
 */
export function parseTarget(target: string, allowedQuery: ReadonlySet<string> = new Set()): MediaTarget {
    if (Buffer.byteLength(target) > MAX_TARGET_BYTES) {
        throw new RequestProblem(
            414,
            'MKT_NODE__PATH_TOO_LONG',
            `The request target is longer than ${MAX_TARGET_BYTES} bytes; shorten the path or the query.`,
            { limitBytes: MAX_TARGET_BYTES },
        );
    }
    if (!target.startsWith('/')) {
        throw new RequestProblem(421, 'MKT_NODE__MISDIRECTED', 'This node answers requests for its own host only.');
    }
    const mark = target.indexOf('?');
    const rawPath = mark < 0 ? target : target.slice(0, mark);
    const rawQuery = mark < 0 ? '' : target.slice(mark + 1);
    if (!PATH_CHARACTERS.test(rawPath)) throw invalid('has a character that must be percent-encoded');
    if (!QUERY_CHARACTERS.test(rawQuery)) throw invalid('has a query character that must be percent-encoded');
    const path = removeDotSegments(normaliseEscapes(rawPath));
    return { path, rawQuery, keyedQuery: keepAllowed(rawQuery, allowedQuery) };
}

/** True for a media path that hides a control path behind dot segments or escapes. */
export const isReserved = (path: string): boolean => path === RESERVED_PREFIX || path.startsWith(`${RESERVED_PREFIX}/`);
