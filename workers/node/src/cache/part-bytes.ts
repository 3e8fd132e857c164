import type { CompletedBody } from './fill.js';
import type { PartRange } from './semantics/content-range.js';

/** Some bytes of a representation. */
export interface PartBytes {
    range: PartRange;
    body: CompletedBody;
}

/** Whether they overlap or follow each other. */
export const touches = (one: PartRange, other: PartRange): boolean =>
    one.first <= other.last + 1 && other.first <= one.last + 1;

/** Joins what touches. Where both have a byte it is the same one, as the strong tag says. */
export function concatenate(one: PartBytes, other: { range: PartRange; body: Buffer }): PartBytes {
    const first = Math.min(one.range.first, other.range.first);
    const last = Math.max(one.range.last, other.range.last);
    const body = Buffer.alloc(last - first + 1);
    other.body.copy(body, other.range.first - first);
    one.body.body.copy(body, one.range.first - first);
    return { range: { first, last, total: one.range.total }, body: { body } };
}
