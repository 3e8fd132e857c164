import type { NodeHealth } from '../../ports.js';
import type { AddressBits } from '../address.js';
import type { Rule } from '../rules/rule.js';
import type { RuleSet } from '../rules/rule-sets.js';
import { MAX_COVERING } from '../table/prefix-table.js';
import type { Decision, DecisionContext } from './decision.js';
import { pick, type Tier } from './picker.js';

const values = new Int32Array(MAX_COVERING);
const lengths = new Uint8Array(MAX_COVERING);

/** Looks from the narrowest footprint that covers the address to the widest until a RELAY can serve. */
export function considerRelays(
    context: DecisionContext,
    bits: AddressBits,
    decision: Decision,
    isExhaustive: boolean,
): void {
    const { index, geo } = context;
    const isDone = (tier: Tier, prefixLength: number, set: RuleSet | undefined): boolean =>
        set !== undefined && consider(context, decision, tier, prefixLength, set) && !isExhaustive;
    for (let i = index.prefixes.covering(bits, values, lengths) - 1; i >= 0; i -= 1) {
        if (isDone('prefix', lengths[i]!, index.setOf(values[i]!))) return;
    }
    if (index.hasNamed || isExhaustive) {
        decision.geo = geo.factsOf(bits);
        const { asns, subdivisions, country } = decision.geo;
        for (const { value, prefixLength } of asns) if (isDone('asn', prefixLength, index.ofAsn(value))) return;
        for (const { value, prefixLength } of subdivisions) {
            if (isDone('subdivision', prefixLength, index.ofCode('subdivisioncode', value))) return;
        }
        if (country !== null && isDone('country', country.prefixLength, index.ofCode('countrycode', country.value))) {
            return;
        }
    }
    isDone('any', 0, index.ofAnybody);
}

/** Returns whether a RELAY of the set can serve. */
function consider(
    { scoring, healthOf }: DecisionContext,
    decision: Decision,
    tier: Tier,
    prefixLength: number,
    set: RuleSet,
): boolean {
    const seen = { tier, prefixLength, rules: [] as Rule[], healths: [] as NodeHealth[] };
    const picked = pick(set, { bucket: decision.bucket, nowMs: decision.nowMs, scoring, healthOf }, seen);
    decision.steps.push(seen);
    if (picked === null) return false;
    if (decision.node === null) {
        decision.kind = 'relay';
        const { address, url } = picked.rule.node;
        decision.url = decision.isSecure ? (healthOf(address).publicUrl ?? '') : url;
        decision.node = address;
        decision.picked = picked;
        decision.step = decision.steps.length - 1;
    }
    return true;
}
