import type { HeaderMap } from '../headers.js';
import { isUnqualified, listedFields } from './cache-control.js';
import { HEURISTIC_STATUSES } from './freshness.js';
import type { ResponsePolicy } from './policy.js';
import type { ResponseControl } from './targeted.js';
import { fieldsOfVary } from './vary.js';

export interface StorageRules {
    /** Keep responses with Set-Cookie (RFC 9111 7.3 leaves it to the origin); off where viewers share a cache of media. */
    storesCookies: boolean;
    /** Keep what came for a credential if the response allows it (RFC 9111 3.5). */
    sharesAuthorized: boolean;
    /** Seconds for which a response that says nothing may stand in for a parent that fails. */
    staleIfErrorSecs: number;
}
export interface StorableInput {
    status: number;
    headers: HeaderMap;
    control: ResponseControl;
    policy: ResponsePolicy;
    rules: StorageRules;
    /** The request had a credential. */
    isAuthorized: boolean;
}

/** Statuses of RFC 9110 15 whose meaning for a cache is known here (`must-understand`, RFC 9111 5.2.2.3). */
const UNDERSTOOD: ReadonlySet<number> = new Set([
    ...[200, 203, 204, 206, 300, 301, 302, 303, 307, 308],
    ...[400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 413, 414, 415, 417, 421, 422, 426],
    ...[500, 501, 502, 503, 504, 505],
]);
/** A 304 changes what is stored and is none itself; 412 and 416 answer the conditions and the range of one request. */
const NEVER: ReadonlySet<number> = new Set([304, 412, 416]);
const isFinal = (status: number): boolean => status >= 200 && !NEVER.has(status);

/** May this shared cache keep the response (RFC 9111 3), and is there any use in it? */
export function isStorable(input: StorableInput): boolean {
    return isPermitted(input) && isUseful(input);
}

function isPermitted({ status, headers, control: { directives }, rules, isAuthorized }: StorableInput): boolean {
    if (!isFinal(status)) return false;
    if (fieldsOfVary(headers.vary) === '*') return false;
    if (headers['set-cookie'] !== undefined && !rules.storesCookies) return false;
    if (isUnqualified(directives, 'private')) return false;
    if (directives.has('must-understand')) {
        if (!UNDERSTOOD.has(status)) return false;
    } else if (directives.has('no-store')) return false;
    const sharesExplicitly = ['public', 's-maxage', 'must-revalidate'].some((name) => directives.has(name));
    return !isAuthorized || (rules.sharesAuthorized && sharesExplicitly);
}

function isUseful({ status, headers, control: { directives }, policy, rules }: StorableInput): boolean {
    const hasValidator = headers.etag !== undefined || headers['last-modified'] !== undefined;
    const isKnownCacheable = policy.isExplicit || directives.has('public') || HEURISTIC_STATUSES.has(status);
    if (!isKnownCacheable) return false;
    if (hasValidator) return true;
    if (policy.needsValidation) return false;
    if (policy.lifetimeSecs + policy.staleWhileRevalidateSecs > 0) return true;
    return policy.isExplicit && (policy.staleIfErrorSecs ?? rules.staleIfErrorSecs) > 0;
}

/**
 * A failure that may be handed to those who wait for the same object, though it is not stored: sending each of them to a
 * parent in trouble would add a stampede to it.
 */
export function isShareable(status: number, headers: HeaderMap, { directives }: ResponseControl): boolean {
    if (status < 500 || headers['set-cookie'] !== undefined) return false;
    return !directives.has('private') && !directives.has('no-store');
}

/** The fields to keep: without those that may be sent to one viewer, or only after validation (RFC 9111 5.2.2.4, 5.2.2.7). */
export function storedFields(headers: HeaderMap, { directives }: ResponseControl): HeaderMap {
    const left = new Set([...listedFields(directives, 'no-cache'), ...listedFields(directives, 'private')]);
    return Object.fromEntries(Object.entries(headers).filter(([name]) => !left.has(name)));
}
