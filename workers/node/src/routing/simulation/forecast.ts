import type { FailureForecast } from '@ocm/sdk/http';
import { AddressBits } from '../address.js';
import { decideForNetwork } from '../decision/decide.js';
import type { DecisionContext } from '../decision/decision.js';
import { limitOf } from '../decision/judge.js';
import type { Rule } from '../rules/rule.js';
import type { ViewerSample } from './viewer-sample.js';

export interface ForecastInput {
    context: DecisionContext;
    sample: ViewerSample;
    /** Base58 address of the node that is imagined away. */
    without: string;
    nowMs: number;
}
interface Moved {
    viewers: number;
    rule: Rule | null;
}

/**
 * Where the traffic of a node goes if it dies: those who went there lately are decided for once more, by the same code, as if it did
 * not answer. What is known of a viewer is its /24 or /48 and its bucket: footprints within those networks are not told apart.
 */
export function forecastFailure({ context, sample, without, nowMs }: ForecastInput): FailureForecast {
    const { healthOf } = context;
    const down = { ...healthOf(without), healthy: false };
    const imagined = { ...context, healthOf: (node: string) => (node === without ? down : healthOf(node)) };
    const bits = new AddressBits();
    const moved = new Map<string | null, Moved>();
    let viewers = 0;
    for (const { family, words, bucket } of sample.of(without)) {
        bits.family = family;
        bits.words.fill(0);
        bits.words.set(words);
        const { node, picked } = decideForNetwork(imagined, bits, bucket, nowMs);
        const seen = moved.get(node) ?? { viewers: 0, rule: picked?.rule ?? null };
        seen.viewers += 1;
        moved.set(node, seen);
        viewers += 1;
    }
    const load = healthOf(without).loadKilobitsPerSecond;
    const toNodes = [...moved].map(([node, { viewers: count, rule }]) => {
        const kilobitsPerSecond = load === null ? null : Math.round((load * count) / viewers);
        const present = node === null ? null : healthOf(node).loadKilobitsPerSecond;
        const limit = rule === null ? null : limitOf(rule, nowMs);
        const isOverloaded = limit !== null && kilobitsPerSecond !== null && (present ?? 0) + kilobitsPerSecond > limit;
        return { node, viewers: count, kilobitsPerSecond, limitKilobitsPerSecond: limit, isOverloaded };
    });
    toNodes.sort((a, b) => b.viewers - a.viewers);
    return { without, atMs: nowMs, viewers, loadKilobitsPerSecond: load, moved: toNodes };
}
