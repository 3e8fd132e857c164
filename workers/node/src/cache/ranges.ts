/** Inclusive byte positions, as in `Content-Range`. */
export interface ByteRange {
    first: number;
    last: number;
}
export type RangeDecision = { kind: 'whole' } | { kind: 'part'; range: ByteRange } | { kind: 'unsatisfiable' };

/**
 * RFC 9110 14.1.2 for a complete object. Several ranges are answered by the whole object (14.2 allows it): a multipart answer
 * is larger than what was asked for, which makes it an amplifier.
 */
export function decideRange(header: string | undefined, length: number): RangeDecision {
    if (header === undefined) return { kind: 'whole' };
    const match = /^bytes=\s*(\d{0,15})-(\d{0,15})\s*$/i.exec(header);
    if (match === null) return { kind: 'whole' };
    const [, from = '', to = ''] = match;
    if (from === '' && to === '') return { kind: 'whole' };
    if (from === '') {
        const suffix = Number(to);
        if (suffix === 0 || length === 0) return { kind: 'unsatisfiable' };
        return { kind: 'part', range: { first: Math.max(0, length - suffix), last: length - 1 } };
    }
    const first = Number(from);
    const last = to === '' ? length - 1 : Math.min(Number(to), length - 1);
    if (to !== '' && Number(to) < first) return { kind: 'whole' };
    if (first >= length) return { kind: 'unsatisfiable' };
    return { kind: 'part', range: { first, last } };
}
