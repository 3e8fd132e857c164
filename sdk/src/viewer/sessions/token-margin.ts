import type { Token } from '../../core/token.js';

/** A token this close to its end is not worth another request: the receipt has to arrive in time too. */
const LONGEST_TOKEN_MARGIN_MS = 3_000;
/** Of a short token this part of its life, so that epochs of seconds leave time to play. */
const TOKEN_MARGIN_DIVISOR = 4;

export function computeTokenMarginMs({ notBeforeSecs, notAfterSecs }: Token): number {
    return Math.min(LONGEST_TOKEN_MARGIN_MS, ((notAfterSecs - notBeforeSecs) * 1000) / TOKEN_MARGIN_DIVISOR);
}
