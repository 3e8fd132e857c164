import { type Directives, parseCacheControl, secondsOf } from './cache-control.js';
import { ageSecs, type ResponsePolicy } from './policy.js';

/** `refresh`: send what is stored and validate it behind the viewer's back. `validate`: ask the parent first. */
export type Reuse = 'fresh' | 'refresh' | 'validate';

/** What a viewer demands of a stored response (RFC 9111 5.2.1). */
export interface RequestDemands {
    /** No stored response without validation: `no-cache`. */
    validates: boolean;
    /** Nothing of this exchange is to be kept: `no-store`. */
    isUnstored: boolean;
    maxAgeSecs: number | undefined;
    minFreshSecs: number;
    maxStaleSecs: number;
}
export const NO_DEMANDS: RequestDemands = {
    validates: false,
    isUnstored: false,
    maxAgeSecs: undefined,
    minFreshSecs: 0,
    maxStaleSecs: 0,
};

export function demandsOf(cacheControl: string | undefined, pragma: string | undefined): RequestDemands {
    const directives: Directives = parseCacheControl(cacheControl);
    const maxStale = directives.get('max-stale');
    return {
        // Pragma speaks only where Cache-Control is silent (RFC 9111 5.4).
        validates:
            directives.has('no-cache') || (cacheControl === undefined && parseCacheControl(pragma).has('no-cache')),
        isUnstored: directives.has('no-store'),
        maxAgeSecs: secondsOf(directives, 'max-age'),
        minFreshSecs: secondsOf(directives, 'min-fresh') ?? 0,
        maxStaleSecs: maxStale === true ? Number.POSITIVE_INFINITY : (secondsOf(directives, 'max-stale') ?? 0),
    };
}

/** RFC 9111 4 and 4.2, RFC 5861 3: may the stored response be sent now? */
export function decideReuse(policy: ResponsePolicy, demands: RequestDemands, nowMs: number): Reuse {
    const age = ageSecs(policy, nowMs);
    if (policy.needsValidation || demands.validates) return 'validate';
    if (demands.maxAgeSecs !== undefined && age > demands.maxAgeSecs) return 'validate';
    const leftSecs = policy.lifetimeSecs - age;
    if (leftSecs > 0) return leftSecs >= demands.minFreshSecs ? 'fresh' : 'validate';
    if (policy.neverStale || demands.minFreshSecs > 0) return 'validate';
    if (leftSecs + policy.staleWhileRevalidateSecs > 0) return 'refresh';
    return !policy.staleOnlyIfTold && leftSecs + demands.maxStaleSecs > 0 ? 'fresh' : 'validate';
}

/** RFC 5861 4: may the stored response stand in for a parent that fails? `defaultSecs` where it does not say itself. */
export function allowsStaleIfError(policy: ResponsePolicy, defaultSecs: number, nowMs: number): boolean {
    if (policy.neverStale || policy.needsValidation) return false;
    const silentSecs = policy.staleOnlyIfTold ? 0 : defaultSecs;
    return policy.lifetimeSecs + (policy.staleIfErrorSecs ?? silentSecs) > ageSecs(policy, nowMs);
}
