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
    httpsViewers: number;
    rule: Rule | null;
}

/**
 * Where the traffic of a node goes if it dies: those who went there lately are decided for once more, by the same code, as if it did
 * not answer. What is known of a viewer is its /24 or /48, its bucket and its scheme: footprints within those networks are not
 * told apart.
 */
export function forecastFailure({ context, sample, without, nowMs }: ForecastInput): FailureForecast {
    const { healthOf } = context;
    const down = { ...healthOf(without), healthy: false };
    const imagined = { ...context, healthOf: (node: string) => (node === without ? down : healthOf(node)) };
    const bits = new AddressBits();
    const moved = new Map<string | null, Moved>();
    let viewers = 0;
    let httpsViewers = 0;
    for (const viewer of sample.of(without)) {
        bits.family = viewer.family;
        bits.words.fill(0);
        bits.words.set(viewer.words);
        const { node, picked } = decideForNetwork(imagined, bits, viewer, nowMs);
        const seen = moved.get(node) ?? { viewers: 0, httpsViewers: 0, rule: picked?.rule ?? null };
        const https = viewer.isSecure ? 1 : 0;
        seen.viewers += 1;
        seen.httpsViewers += https;
        moved.set(node, seen);
        viewers += 1;
        httpsViewers += https;
    }
    const load = healthOf(without).loadKilobitsPerSecond;
    const toNodes = [...moved].map(([node, { rule, ...counts }]) => {
        const kilobitsPerSecond = load === null ? null : Math.round((load * counts.viewers) / viewers);
        const present = node === null ? null : healthOf(node).loadKilobitsPerSecond;
        const limit = rule === null ? null : limitOf(rule, nowMs);
        const isOverloaded = limit !== null && kilobitsPerSecond !== null && (present ?? 0) + kilobitsPerSecond > limit;
        return { node, ...counts, kilobitsPerSecond, limitKilobitsPerSecond: limit, isOverloaded };
    });
    toNodes.sort((a, b) => b.viewers - a.viewers);
    return { without, atMs: nowMs, viewers, httpsViewers, loadKilobitsPerSecond: load, moved: toNodes };
}
