import type { HeaderMap } from '../headers.js';
import type { ByteRange } from '../ranges.js';

export interface PartRange extends ByteRange {
    /** Bytes of the whole representation. */
    total: number;
}

/**
 * Which bytes a 206 holds, or null where that is not certain: several parts, an unknown total, positions that do not fit
 * (RFC 9110 14.4), or a Content-Length that contradicts them. Bytes at a wrong place would poison what they are joined with.
 */
export function partRangeOf(headers: HeaderMap): PartRange | null {
    const match = /^bytes ([0-9]{1,15})-([0-9]{1,15})\/([0-9]{1,15})$/i.exec(headers['content-range'] ?? '');
    if (match === null) return null;
    const [first, last, total] = match.slice(1).map(Number) as [number, number, number];
    if (first > last || last >= total) return null;
    const length = headers['content-length'];
    return length === undefined || Number(length) === last - first + 1 ? { first, last, total } : null;
}
