import type { NodeHealth } from '../../ports.js';
import type { Rule } from '../rules/rule.js';
import { MAX_WEIGHT } from './rendezvous.js';

/** Why a RELAY is out; ABLE if it is not. */
export const ABLE = 0;
const REFUSED = {
    claim: 1,
    service: 2,
    contract: 3,
    health: 4,
    draining: 5,
    load: 6,
    https: 7,
} as const;
export const LACKS_HTTPS = 'the viewer asks by https, and it has signed no https address';
export const REFUSAL_WORDS: readonly string[] = [
    '',
    'its capacity claim is not in force',
    'it is not in service',
    'no funded contract buys its claim',
    'does not answer health checks',
    'it takes no new viewers',
    'it carries as much as its capacity allows',
    LACKS_HTTPS,
];

/** Where each of the two halves a weight. */
export interface Scoring {
    latencyHalfMs: number;
    priceHalfPerGigabyte: number;
}
export const DEFAULT_SCORING: Scoring = { latencyHalfMs: 50, priceHalfPerGigabyte: 20_000 };

/** Assumed where a view does not tell what is claimed. */
const UNKNOWN_KILOBITS = 1_000_000;
/** Weights count capacity in these, so that 2^27 of them hold two terabits. */
const KILOBITS_PER_UNIT = 16;

/** Constant work: nothing here depends on how many claims there are. */
export function refusalOf(rule: Rule, health: NodeHealth, nowMs: number): number {
    const { claim, node, sold } = rule;
    if (!claim.isActive || nowMs < claim.validFromSecs * 1000 || nowMs >= claim.validUntilSecs * 1000) {
        return REFUSED.claim;
    }
    if (!node.isActive || node.url === '') return REFUSED.service;
    if (!isWithin(sold, nowMs)) return REFUSED.contract;
    if (!health.healthy) return REFUSED.health;
    if (health.lacksHttps === true) return REFUSED.https;
    if (health.draining) return REFUSED.draining;
    const limit = limitOf(rule, nowMs);
    return limit !== null && limit <= (health.loadKilobitsPerSecond ?? 0) ? REFUSED.load : ABLE;
}

const isVerified = ({ verifiedUntilMs, verifiedKilobitsPerSecond }: Rule['node'], nowMs: number): boolean =>
    verifiedKilobitsPerSecond > 0 && nowMs < verifiedUntilMs;

/** What the node may carry by the claim: no more than was measured, while that holds. null where nothing is known. */
export function limitOf(rule: Pick<Rule, 'node' | 'claimedKilobitsPerSecond'>, nowMs: number): number | null {
    const { node, claimedKilobitsPerSecond: claimed } = rule;
    if (!isVerified(node, nowMs)) return claimed;
    return claimed === null ? node.verifiedKilobitsPerSecond : Math.min(claimed, node.verifiedKilobitsPerSecond);
}

/**
 * 1 to 2^27 - 1: free capacity (half of it while nothing is verified), halved by `latencyHalfMs` of latency and by a price of
 * `priceHalfPerGigabyte`, each hyperbolically: half / (half + value).
 */
export function weightOf(rule: Rule, health: NodeHealth, nowMs: number, scoring: Scoring): number {
    const free = (limitOf(rule, nowMs) ?? UNKNOWN_KILOBITS) - (health.loadKilobitsPerSecond ?? 0);
    const trusted = isVerified(rule.node, nowMs) ? free : free / 2;
    const { latencyHalfMs, priceHalfPerGigabyte } = scoring;
    const near = Math.floor(
        ((trusted / KILOBITS_PER_UNIT) * latencyHalfMs) / (latencyHalfMs + Math.max(0, health.latencyMs ?? 0)),
    );
    const cheap = Math.floor((near * priceHalfPerGigabyte) / (priceHalfPerGigabyte + rule.pricePerGigabyte));
    return Math.min(MAX_WEIGHT, Math.max(1, cheap));
}

function isWithin(times: readonly number[], nowMs: number): boolean {
    for (let i = 0; i < times.length; i += 2) {
        if (nowMs >= times[i]! && nowMs < times[i + 1]!) return true;
    }
    return false;
}
