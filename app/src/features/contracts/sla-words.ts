import { formatBasisPoints, formatInteger, formatPpm } from '../../lib/format';

export interface SlaTier {
    /** `availability`, `error`, `ttfb` or `stall`. */
    readonly metric: string;
    readonly threshold: number;
    readonly basisPoints: number;
}

export interface SlaTerms {
    readonly maxPenaltyBasisPoints: number;
    readonly tiers: readonly SlaTier[];
}

function describeCondition({ metric, threshold }: SlaTier): string {
    switch (metric) {
        case 'availability':
            return `Availability below ${formatPpm(threshold)}`;
        case 'error':
            return `More than ${formatPpm(threshold)} of requests failed`;
        case 'ttfb':
            return `95th percentile of time to first byte above ${formatInteger(threshold)} ms`;
        case 'stall':
            return `More than ${formatPpm(threshold)} of viewing time stalled`;
        default:
            return `${metric} beyond ${formatInteger(threshold)}`;
    }
}

/** The service level in sentences: what is refunded when, and at most how much. */
export function describeSla(sla: SlaTerms): string[] {
    const tiers = sla.tiers.filter((tier) => tier.basisPoints > 0);
    if (tiers.length === 0) return ['No refund is agreed for poor service.'];
    const lines = tiers.map(
        (tier) =>
            `${describeCondition(tier)}: ${formatBasisPoints(tier.basisPoints)} of the epoch's price is refunded.`,
    );
    return [
        ...lines,
        `The worst tier of each metric counts; refunds add up to at most ${formatBasisPoints(sla.maxPenaltyBasisPoints)} of an epoch.`,
    ];
}
