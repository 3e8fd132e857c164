import type { HeaderMap } from '../headers.js';
import { parseHttpDate } from './dates.js';

/**
 * Fields of the body that is stored: a message without a body cannot change it (RFC 9111 3.2). Content-Encoding too, since a
 * wrong one would make the stored bytes unreadable.
 */
const OF_THE_BODY = new Set(['content-encoding', 'content-length', 'content-range', 'transfer-encoding']);

/** The stored fields with those of a 304, or of a 200 to HEAD, in their place (RFC 9111 3.2). Age starts anew. */
export function freshenedFields(stored: HeaderMap, received: HeaderMap): HeaderMap {
    const { age: _, ...kept } = stored;
    const updates = Object.entries(received).filter(([name]) => !OF_THE_BODY.has(name));
    return { ...kept, ...Object.fromEntries(updates) };
}

const isWeak = (etag: string): boolean => etag.startsWith('W/');
export const isStrongTag = (etag: string | undefined): etag is string => etag?.startsWith('"') === true;
const opaque = (etag: string): string => etag.replace(/^W\//, '');

/**
 * Whether a 304 is about the stored response (RFC 9111 4.3.4): the same strong tag, else the same weak tag or time of change,
 * else no validator at all, as only one response was named in the request.
 */
export function selectsStored(stored: HeaderMap, received: HeaderMap): boolean {
    const { etag, 'last-modified': modified } = received;
    if (etag !== undefined && !isWeak(etag)) return stored.etag === etag;
    if (etag !== undefined) return stored.etag !== undefined && opaque(stored.etag) === opaque(etag);
    if (modified === undefined) return true;
    return stored['last-modified'] === undefined || sameTime(stored['last-modified'], modified);
}

/** RFC 9111 4.3.5: a 200 to HEAD that tells of another representation than the stored one makes that invalid. */
export function isSameAsHead(stored: HeaderMap, bodyBytes: number, received: HeaderMap): boolean {
    const { etag, 'last-modified': modified, 'content-length': length } = received;
    if (etag !== undefined && stored.etag !== etag) return false;
    const storedModified = stored['last-modified'];
    if (modified !== undefined && (storedModified === undefined || !sameTime(storedModified, modified))) return false;
    return length === undefined || length === String(bodyBytes);
}

function sameTime(one: string, other: string): boolean {
    return one === other || (parseHttpDate(one) !== undefined && parseHttpDate(one) === parseHttpDate(other));
}

/** The question whether a stored response is still the one (RFC 9111 4.3.1). */
export function validationFields({ etag, 'last-modified': modified }: HeaderMap): HeaderMap {
    return {
        ...(etag === undefined ? {} : { 'if-none-match': etag }),
        ...(modified === undefined ? {} : { 'if-modified-since': modified }),
    };
}
