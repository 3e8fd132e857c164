import { isUnqualified, secondsOf } from './cache-control.js';
import { type FreshnessRules, initialAgeSecs, lifetimeOf, type ReceivedResponse } from './freshness.js';
import { controlOf, type ResponseControl } from './targeted.js';

/** What a response says about its reuse, worked out once. */
export interface ResponsePolicy {
    lifetimeSecs: number;
    /** The response itself says how long it is fresh. */
    isExplicit: boolean;
    initialAgeSecs: number;
    receivedAtMs: number;
    /** `no-cache`: never without asking the origin. */
    needsValidation: boolean;
    /** Never once stale: `must-revalidate`, `proxy-revalidate` (RFC 9111 4.2.4). */
    neverStale: boolean;
    /** `s-maxage` forbids stale answers that the response does not itself allow (RFC 9111 5.2.2.10, RFC 5861). */
    staleOnlyIfTold: boolean;
    staleWhileRevalidateSecs: number;
    /** Undefined if it says nothing. */
    staleIfErrorSecs: number | undefined;
}

export function policyOf(
    response: ReceivedResponse,
    rules: FreshnessRules,
    control: ResponseControl = controlOf(response.headers),
): ResponsePolicy {
    const { directives } = control;
    const lifetime = lifetimeOf(response, control, rules);
    return {
        lifetimeSecs: lifetime.secs,
        isExplicit: lifetime.isExplicit,
        initialAgeSecs: initialAgeSecs(response),
        receivedAtMs: response.responseTimeMs,
        needsValidation: isUnqualified(directives, 'no-cache'),
        neverStale: ['must-revalidate', 'proxy-revalidate'].some((name) => directives.has(name)),
        staleOnlyIfTold: directives.has('s-maxage'),
        staleWhileRevalidateSecs: secondsOf(directives, 'stale-while-revalidate') ?? 0,
        staleIfErrorSecs: secondsOf(directives, 'stale-if-error'),
    };
}

/** RFC 9111 4.2.3. */
export function ageSecs(policy: ResponsePolicy, nowMs: number): number {
    return policy.initialAgeSecs + Math.max(0, nowMs - policy.receivedAtMs) / 1000;
}
