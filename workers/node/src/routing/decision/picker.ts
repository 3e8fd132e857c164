import type { NodeHealth } from '../../ports.js';
import type { Rule } from '../rules/rule.js';
import type { RuleSet } from '../rules/rule-sets.js';
import { ABLE, refusalOf, type Scoring, weightOf } from './judge.js';
import { beats, drawOf, placeOf } from './rendezvous.js';

/** Of a large set so many RELAYs that can serve compete for a viewer, those that follow its place on the ring of their seeds. */
const COMPETITORS = 32;
/** So many are looked at to find them; what is left counts as out. */
const LOOKED_AT = 128;

export interface PickInput {
    /** Of 65,536 buckets of viewers, the one that asks. */
    bucket: number;
    nowMs: number;
    scoring: Scoring;
    healthOf: (node: string) => NodeHealth;
}

/** One step of a decision: the rules of one footprint that were looked at, and what was seen of their nodes. */
export interface Considered {
    tier: Tier;
    prefixLength: number;
    rules: readonly Rule[];
    healths: readonly NodeHealth[];
}
export type Tier = 'prefix' | 'asn' | 'subdivision' | 'country' | 'any';

export interface Picked {
    rule: Rule;
    weight: number;
    draw: number;
}

/** The RELAY of a set that serves a bucket of viewers, or null if none can; `seen` gets every rule looked at. */
export function pick(set: RuleSet, input: PickInput, seen: { rules: Rule[]; healths: NodeHealth[] }): Picked | null {
    if ('claim' in set) return judge(set, input, seen, null);
    return pickFrom(set, startOf(set, input.bucket), input, seen);
}

/** As `pick`, from a given place on. */
export function pickFrom(
    rules: readonly Rule[],
    start: number,
    input: PickInput,
    seen: { rules: Rule[]; healths: NodeHealth[] },
): Picked | null {
    let best: Picked | null = null;
    let competitors = 0;
    const looked = Math.min(rules.length, LOOKED_AT);
    for (let i = 0; i < looked && competitors < COMPETITORS; i += 1) {
        const rule = rules[start + i < rules.length ? start + i : start + i - rules.length]!;
        const next = judge(rule, input, seen, best);
        if (next === null) continue;
        competitors += 1;
        best = next;
    }
    return best;
}

/** null if it cannot serve; otherwise the better of it and the best so far. */
function judge(
    rule: Rule,
    { bucket, nowMs, scoring, healthOf }: PickInput,
    seen: { rules: Rule[]; healths: NodeHealth[] },
    best: Picked | null,
): Picked | null {
    const health = healthOf(rule.node.address);
    seen.rules.push(rule);
    seen.healths.push(health);
    if (refusalOf(rule, health, nowMs) !== ABLE) return null;
    const weight = weightOf(rule, health, nowMs, scoring);
    const draw = drawOf(bucket, rule.node.seed);
    return best !== null && !beats(weight, draw, best.weight, best.draw) ? best : { rule, weight, draw };
}

/** Small sets are looked at whole, so all start at the same place. */
function startOf(rules: readonly Rule[], bucket: number): number {
    if (rules.length <= COMPETITORS) return 0;
    const place = placeOf(bucket);
    let low = 0;
    let high = rules.length;
    while (low < high) {
        const middle = (low + high) >>> 1;
        if (rules[middle]!.node.seed < place) low = middle + 1;
        else high = middle;
    }
    return low === rules.length ? 0 : low;
}
