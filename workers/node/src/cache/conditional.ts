import type { IncomingHttpHeaders } from 'node:http';
import type { HeaderMap } from './headers.js';
import { parseHttpDate } from './semantics/dates.js';

const opaque = (tag: string): string => tag.trim().replace(/^W\//, '');
const listTags = (header: string): string[] => header.match(/(?:W\/)?"[^"]*"|\*/g) ?? [];

/** RFC 9110 13.2.2 for GET and HEAD of a stored 200: true if the viewer already holds this representation. */
export function isNotModified(request: IncomingHttpHeaders, stored: HeaderMap): boolean {
    const noneMatch = request['if-none-match'];
    if (noneMatch !== undefined) {
        const etag = stored.etag;
        return listTags(noneMatch).some((tag) => tag === '*' || (etag !== undefined && opaque(tag) === opaque(etag)));
    }
    const since = parseHttpDate(request['if-modified-since']);
    if (since === undefined) return false;
    // Without a time of change that of the answer is the best known (RFC 9111 4.3.2).
    const modified = parseHttpDate(stored['last-modified']) ?? parseHttpDate(stored.date);
    return modified !== undefined && modified <= since;
}

/** RFC 9110 13.1.5: a range applies only to the representation that the viewer holds a part of; weak tags never match. */
export function allowsRange(request: IncomingHttpHeaders, stored: HeaderMap): boolean {
    const header = request['if-range'];
    if (header === undefined) return true;
    const validator = String(header).trim();
    if (validator.startsWith('"')) return validator === stored.etag;
    if (validator.startsWith('W/')) return false;
    return stored['last-modified'] !== undefined && validator === stored['last-modified'];
}
