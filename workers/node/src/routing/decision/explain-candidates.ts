import type { DetailedExplanation } from '@ocm/sdk/http';
import type { NodeHealth } from '../../ports.js';
import { footprintText, type Rule } from '../rules/rule.js';
import type { RuleSync } from '../rules/rule-sync.js';
import type { ConsideredBeacon, Decision, DecisionContext } from './decision.js';
import type { ExplainInput } from './explain.js';
import { ABLE, LACKS_HTTPS, REFUSAL_WORDS, refusalOf, weightOf } from './judge.js';
import { drawOf } from './rendezvous.js';

type Candidate = DetailedExplanation['candidates'][number];

/** So many candidates are listed; those that were looked at go first. */
const MAX_LISTED = 64;

/** Every candidate, why it is in or out, and the numbers that it was judged by. */
export function candidatesOf({ context, decision, rules }: ExplainInput): { listed: Candidate[]; omitted: number } {
    const listed = decision.beacons.map((beacon) => explainBeacon(beacon, decision));
    const seen = new Set<Rule>();
    for (const [place, step] of decision.steps.entries()) {
        for (const [i, rule] of step.rules.entries()) {
            seen.add(rule);
            const health = step.healths[i];
            if (health !== undefined) listed.push(explainRelay(context, decision, place, rule, health));
        }
    }
    for (const rule of rules.rules) {
        if (listed.length >= MAX_LISTED) break;
        if (seen.has(rule)) continue;
        listed.push(explainUncovering(context, rules, rule));
    }
    const known = decision.beacons.length + rules.size;
    return { listed: listed.slice(0, MAX_LISTED), omitted: Math.max(0, known - MAX_LISTED) };
}

const NO_NUMBERS = {
    tier: null,
    claim: null,
    claimedKilobitsPerSecond: null,
    verifiedKilobitsPerSecond: null,
    loadKilobitsPerSecond: null,
    latencyMs: null,
    pricePerGigabyte: null,
    weight: null,
    draw: null,
} as const;

function explainBeacon({ ref, via, healthy, refusal, lacksHttps }: ConsideredBeacon, decision: Decision): Candidate {
    const prefixLength = ref.host.includes(':') ? 128 : 32;
    const chosen = decision.kind === 'beacon' && decision.node === ref.node;
    const reason = !healthy
        ? (refusal ?? 'does not answer health checks')
        : lacksHttps
          ? LACKS_HTTPS
          : via === 'device'
            ? `the token is of its household${ref.isConfigured ? '' : ', by its key on chain'}`
            : decision.isShared
              ? 'many lines share the address, so it does not tell whose viewer this is; a token of the household would'
              : chosen
                ? 'is the address itself'
                : 'another BEACON goes first';
    const footprint = via === 'device' ? 'device token' : `${ref.host}/${prefixLength}`;
    return { node: ref.node, role: 'beacon', footprint, prefixLength, healthy, chosen, reason, ...NO_NUMBERS };
}

function explainRelay(
    { scoring }: DecisionContext,
    decision: Decision,
    place: number,
    rule: Rule,
    health: NodeHealth,
): Candidate {
    const { nowMs, bucket, steps } = decision;
    const refusal = refusalOf(rule, health, nowMs);
    const isAble = refusal === ABLE;
    const chosen = decision.kind === 'relay' && decision.picked?.rule === rule;
    return {
        ...describe(rule, health),
        tier: steps[place]?.tier ?? null,
        prefixLength: steps[place]?.prefixLength ?? 0,
        chosen,
        reason: isAble ? reasonOf(decision, place, chosen) : (REFUSAL_WORDS[refusal] ?? ''),
        weight: isAble ? weightOf(rule, health, nowMs, scoring) : null,
        draw: isAble ? drawOf(bucket, rule.node.seed) : null,
    };
}

function reasonOf(decision: Decision, place: number, chosen: boolean): string {
    if (decision.kind === 'beacon') return 'a BEACON goes first';
    if (chosen) {
        return decision.steps[place]?.tier === 'prefix'
            ? 'covers the address by the longest prefix'
            : 'covers the address by the narrowest footprint';
    }
    return place > decision.step
        ? 'a RELAY with a narrower footprint goes first'
        : 'another RELAY of the same footprint has more weight for its draw';
}

function explainUncovering({ geo, healthOf }: DecisionContext, rules: RuleSync, rule: Rule): Candidate {
    const { kind, value } = rule.claim.footprint;
    const isMapped = rules.isMapped(rule) && geo.canMap(kind, value);
    const reason = isMapped
        ? 'its footprint does not cover the address'
        : 'its footprint cannot be mapped to addresses here';
    return {
        ...NO_NUMBERS,
        ...describe(rule, healthOf(rule.node.address)),
        prefixLength: 0,
        chosen: false,
        reason,
    };
}

const describe = ({ claim, node, ...rule }: Rule, { healthy, loadKilobitsPerSecond, latencyMs }: NodeHealth) => ({
    node: node.address,
    role: 'relay' as const,
    footprint: footprintText(claim),
    healthy,
    claim: claim.address,
    claimedKilobitsPerSecond: rule.claimedKilobitsPerSecond,
    verifiedKilobitsPerSecond: node.verifiedKilobitsPerSecond,
    loadKilobitsPerSecond,
    latencyMs,
    pricePerGigabyte: rule.pricePerGigabyte,
});
