import { MarketplaceError } from './error.js';
import { assertUint } from './fields.js';
import { assertBasisPoints } from './money.js';

/** Tiers of one SLA. */
export const MAX_SLA_TIERS = 8;
/** 100 % in parts per million. */
export const PARTS_PER_MILLION = 1_000_000;
/** Metric names in the order of their numbers on chain (0 to 3). */
export const SLA_METRICS = ['availability', 'error', 'ttfb', 'stall'] as const;
export type SlaMetric = (typeof SLA_METRICS)[number];

/** One step of a penalty scale. A tier of zero basis points is an unused place and never read. */
export interface SlaTier {
    /** Number of the metric, see {@link SLA_METRICS}. */
    readonly metric: number;
    /** Parts per million, or milliseconds for time to first byte. Exactly at the threshold the promise is kept. */
    readonly threshold: number;
    readonly basisPoints: number;
}

/** The penalty terms of a contract. */
export interface Sla {
    /** SLA reports needed before their median replaces the seller's own summary. */
    readonly quorum: number;
    readonly maxPenaltyBasisPoints: number;
    readonly severeBasisPoints: number;
    readonly slashBasisPoints: number;
    readonly tiers: readonly SlaTier[];
}

/** What was measured in one epoch. */
export interface SlaSummary {
    readonly availabilityPpm: number;
    readonly errorPpm: number;
    readonly ttfbP95Ms: number;
    readonly stallPpm: number;
    /** Sessions behind the figures; it takes no part in the penalty. */
    readonly sessions: number;
}

/** Refuses terms that no settlement could apply. Throws MKT_CORE__SLA_*, MKT_CORE__BASIS_POINTS_OUT_OF_RANGE. */
export function assertSla(sla: Sla): void {
    assertUint('quorum', sla.quorum, 8);
    assertBasisPoints('maxPenaltyBasisPoints', sla.maxPenaltyBasisPoints);
    assertBasisPoints('severeBasisPoints', sla.severeBasisPoints);
    assertBasisPoints('slashBasisPoints', sla.slashBasisPoints);
    if (sla.tiers.length > MAX_SLA_TIERS) {
        throw new MarketplaceError('MKT_CORE__SLA_TIERS_TOO_MANY', { count: sla.tiers.length, max: MAX_SLA_TIERS });
    }
    for (const tier of sla.tiers) {
        assertBasisPoints('tiers', tier.basisPoints);
        assertUint('threshold', tier.threshold, 32);
        if (tier.basisPoints > 0 && SLA_METRICS[tier.metric] === undefined) {
            throw new MarketplaceError('MKT_CORE__SLA_METRIC_UNKNOWN', { metric: tier.metric });
        }
    }
}

/** Throws MKT_CORE__FIELD_OUT_OF_RANGE, MKT_CORE__SLA_SHARE_TOO_LARGE. */
export function assertSlaSummary(summary: SlaSummary): void {
    assertUint('ttfbP95Ms', summary.ttfbP95Ms, 16);
    assertUint('sessions', summary.sessions, 32);
    for (const name of ['availabilityPpm', 'errorPpm', 'stallPpm'] as const) {
        assertUint(name, summary[name], 32);
        if (summary[name] > PARTS_PER_MILLION) {
            throw new MarketplaceError('MKT_CORE__SLA_SHARE_TOO_LARGE', { field: name, value: summary[name] });
        }
    }
}

/**
 * The worst matching tier of each metric, summed over the metrics, at most `maxPenaltyBasisPoints` (protocol 6.9).
 * Availability matches below its threshold, the others above. Throws what {@link assertSla} and {@link assertSlaSummary} throw.
 */
export function computePenaltyBasisPoints({ sla, summary }: { sla: Sla; summary: SlaSummary }): number {
    assertSla(sla);
    assertSlaSummary(summary);
    const worst = SLA_METRICS.map((name, metric) =>
        sla.tiers
            .filter((tier) => tier.metric === metric && isBreached(name, tier.threshold, summary))
            .reduce((highest, tier) => Math.max(highest, tier.basisPoints), 0),
    );
    const sum = worst.reduce((total, basisPoints) => total + basisPoints, 0);
    return Math.min(sum, sla.maxPenaltyBasisPoints);
}

/** Whether a penalty counts as a severe breach. No penalty is never one, whatever the terms say. */
export function isSevere(sla: Sla, penaltyBasisPoints: number): boolean {
    return penaltyBasisPoints > 0 && penaltyBasisPoints >= sla.severeBasisPoints;
}

function isBreached(metric: SlaMetric, threshold: number, summary: SlaSummary): boolean {
    switch (metric) {
        case 'availability':
            return summary.availabilityPpm < threshold;
        case 'error':
            return summary.errorPpm > threshold;
        case 'ttfb':
            return summary.ttfbP95Ms > threshold;
        case 'stall':
            return summary.stallPpm > threshold;
    }
}
