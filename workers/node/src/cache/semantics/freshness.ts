import type { HeaderMap } from '../headers.js';
import { MAX_DELTA_SECS, secondsOf, splitMembers } from './cache-control.js';
import { parseHttpDate } from './dates.js';
import type { ResponseControl } from './targeted.js';

/** Statuses that may be kept without a word about freshness (RFC 9110 15.1). */
export const HEURISTIC_STATUSES: ReadonlySet<number> = new Set([
    200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501,
]);
/** RFC 9111 4.2.2: a tenth of the time since the last change is typical. */
const HEURISTIC_FRACTION = 0.1;
/** Nobody said that the object may be kept: it is not kept for longer than a day. */
const MAX_HEURISTIC_SECS = 86_400;
/** Absences that `negativeSecs` gives a lifetime to. */
const NEGATIVE_STATUSES: ReadonlySet<number> = new Set([404, 410]);

export interface FreshnessRules {
    /** Lifetime of a 404 or 410 that says nothing of its own. */
    negativeSecs: number;
    /** No 4xx or 5xx is fresh for longer, whatever it says: a mistake of an origin must not stay for a day. */
    maxNegativeSecs: number;
}
export interface ReceivedResponse {
    status: number;
    headers: HeaderMap;
    requestTimeMs: number;
    responseTimeMs: number;
}

/** RFC 9111 4.2.1, shared cache. `isExplicit` tells whether the response itself says how long it is fresh. */
export function lifetimeOf(
    response: ReceivedResponse,
    control: ResponseControl,
    { negativeSecs, maxNegativeSecs }: FreshnessRules,
): { secs: number; isExplicit: boolean } {
    const { status } = response;
    const explicit = explicitLifetime(response, control);
    const most = status >= 400 ? maxNegativeSecs : MAX_DELTA_SECS;
    if (explicit !== undefined) return { secs: Math.min(explicit, most), isExplicit: true };
    const heuristic = heuristicLifetime(response, control);
    const secs = heuristic === 0 && NEGATIVE_STATUSES.has(status) ? negativeSecs : heuristic;
    return { secs: Math.min(secs, most), isExplicit: false };
}

function explicitLifetime(
    { headers, responseTimeMs }: ReceivedResponse,
    { directives, isTargeted }: ResponseControl,
): number | undefined {
    const told = secondsOf(directives, 's-maxage') ?? secondsOf(directives, 'max-age');
    if (told !== undefined) return told;
    if (isTargeted || headers.expires === undefined) return undefined;
    // An Expires that cannot be read is in the past (RFC 9111 5.3).
    const expires = parseHttpDate(headers.expires, responseTimeMs) ?? 0;
    const date = parseHttpDate(headers.date, responseTimeMs) ?? responseTimeMs;
    return Math.max(0, (expires - date) / 1000);
}

function heuristicLifetime(
    { status, headers, responseTimeMs }: ReceivedResponse,
    { directives }: ResponseControl,
): number {
    if (!HEURISTIC_STATUSES.has(status) && !directives.has('public')) return 0;
    const modified = parseHttpDate(headers['last-modified'], responseTimeMs);
    if (modified === undefined) return 0;
    const date = parseHttpDate(headers.date, responseTimeMs) ?? responseTimeMs;
    return Math.min(MAX_HEURISTIC_SECS, Math.max(0, ((date - modified) / 1000) * HEURISTIC_FRACTION));
}

/** Age on arrival (RFC 9111 4.2.3): what Date shows, or what caches on the way counted and the way back took. */
export function initialAgeSecs({ headers, requestTimeMs, responseTimeMs }: ReceivedResponse): number {
    const date = parseHttpDate(headers.date, responseTimeMs) ?? responseTimeMs;
    // Date counts whole seconds, so a part of a second is no age.
    const apparentSecs = Math.max(0, Math.floor((responseTimeMs - date) / 1000));
    const correctedSecs = parseAge(headers.age) + Math.max(0, responseTimeMs - requestTimeMs) / 1000;
    return Math.max(apparentSecs, correctedSecs);
}

/** RFC 9111 5.1: of several values the first counts; one that is no number of seconds is ignored. */
function parseAge(text: string | undefined): number {
    const [first = ''] = splitMembers(text ?? '');
    return /^[0-9]+$/.test(first) ? Math.min(Number(first), MAX_DELTA_SECS) : 0;
}
