import type { HeaderMap } from '../headers.js';

/** RFC 9110 9.2.1; any other method, also one that is not known, may change what is stored (RFC 9111 4.4). */
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

export const isSafe = (method: string): boolean => SAFE_METHODS.has(method);

/**
 * Paths (with query) whose stored responses an answer to an unsafe request makes invalid (RFC 9111 4.4): the target, and what
 * Location and Content-Location name of the same origin. Another origin's objects are not this one's to remove.
 */
export function invalidatedPaths(origin: string, pathAndQuery: string, status: number, headers: HeaderMap): string[] {
    if (status < 200 || status >= 400) return [];
    const paths = new Set([pathAndQuery]);
    for (const reference of [headers.location, headers['content-location']]) {
        const named = reference === undefined ? null : sameOriginPath(origin, pathAndQuery, reference);
        if (named !== null) paths.add(named);
    }
    return [...paths];
}

/** The path with query that a reference names relative to a path, or null if it is of another origin or none. */
export function sameOriginPath(origin: string, pathAndQuery: string, reference: string): string | null {
    try {
        const base = new URL(pathAndQuery, origin);
        const url = new URL(reference, base);
        return url.origin === base.origin ? `${url.pathname}${url.search}` : null;
    } catch {
        return null;
    }
}
