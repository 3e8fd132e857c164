import CachePolicy from 'http-cache-semantics';
import type { HeaderMap } from './headers.js';

/** The request as RFC 9111 sees it: what we sent to the parent, not what a viewer sent to us. */
export interface PolicyRequest {
    key: string;
    headers: HeaderMap;
}

const asRequest = ({ key, headers }: PolicyRequest): CachePolicy.HttpRequest => ({ url: key, method: 'GET', headers });
const OPTIONS: CachePolicy.Options = { shared: true, cacheHeuristic: 0.1 };

export function createPolicy(request: PolicyRequest, response: { status: number; headers: HeaderMap }): CachePolicy {
    return new CachePolicy(asRequest(request), response, OPTIONS);
}

const directive = (headers: HeaderMap, name: string): boolean =>
    new RegExp(`(?:^|[\\s,])${name}(?:$|[\\s,=])`, 'i').test(headers['cache-control'] ?? '');

/** Storable and worth storing. Set-Cookie is refused even with `public`: one viewer's cookie must never reach another. */
export function isStorable(policy: CachePolicy, status: number, headers: HeaderMap): boolean {
    if (!policy.storable() || status === 206) return false;
    if (headers['set-cookie'] !== undefined || headers.vary?.includes('*')) return false;
    if (directive(headers, 'private') || directive(headers, 'no-store')) return false;
    return policy.timeToLive() > 0 || headers.etag !== undefined || headers['last-modified'] !== undefined;
}

/**
 * A failure that may be handed to those who wait for the same object, though it is not stored: sending each of them to a
 * parent in trouble would add a stampede to it.
 */
export function isShareable(status: number, headers: HeaderMap): boolean {
    if (status < 500 || headers['set-cookie'] !== undefined) return false;
    return !directive(headers, 'private') && !directive(headers, 'no-store');
}

export type Freshness = 'fresh' | 'stale-while-revalidate' | 'stale';

/** `must-revalidate` binds stale responses only (RFC 9111 5.2.2.2); the library applies it to fresh ones too. */
export function freshnessOf(policy: CachePolicy, headers: HeaderMap): Freshness {
    if (!policy.stale()) return 'fresh';
    const strict = ['must-revalidate', 'proxy-revalidate', 'no-cache'].some((name) => directive(headers, name));
    const seconds = secondsOf(headers, 'stale-while-revalidate');
    return !strict && policy.maxAge() + seconds > policy.age() ? 'stale-while-revalidate' : 'stale';
}

/** RFC 5861 4: may this stored response be sent although its parent fails? */
export function allowsStaleIfError(policy: CachePolicy, headers: HeaderMap): boolean {
    const strict = ['must-revalidate', 'proxy-revalidate', 'no-cache'].some((name) => directive(headers, name));
    return !strict && policy.maxAge() + secondsOf(headers, 'stale-if-error') > policy.age();
}

function secondsOf(headers: HeaderMap, name: string): number {
    const match = new RegExp(`(?:^|[\\s,])${name}="?([0-9]{1,10})`, 'i').exec(headers['cache-control'] ?? '');
    return match?.[1] === undefined ? 0 : Number(match[1]);
}

/** Merges a 304 into the stored response (RFC 9111 3.2); null if its validator is not the stored one's. */
export function refreshPolicy(policy: CachePolicy, request: PolicyRequest, headers: HeaderMap): CachePolicy | null {
    const { policy: refreshed, matches } = policy.revalidatedPolicy(asRequest(request), { status: 304, headers });
    return matches ? refreshed : null;
}

export const restorePolicy = (stored: CachePolicy.CachePolicyObject): CachePolicy => CachePolicy.fromObject(stored);
export type { CachePolicy };
