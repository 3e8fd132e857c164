import { least } from './money.js';

export type SlaSummary = {
    availabilityPpm: number;
    errorPpm: number;
    ttfbP95Ms: number;
    stallPpm: number;
    sessions: number;
};
export type SlaTerms = {
    quorum: number;
    maxPenaltyBasisPoints: number;
    severeBasisPoints: number;
    slashBasisPoints: number;
    tiers: readonly { metric: number; threshold: number; basisPoints: number }[];
};

/** Availability, errors, time to first byte, stalls: by the number of the metric; the first breaks from above. */
const METRICS = ['availabilityPpm', 'errorPpm', 'ttfbP95Ms', 'stallPpm'] as const;

/** The worst matching tier of each metric, summed, capped (protocol 6.9). */
export function penaltyBasisPoints(sla: SlaTerms, summary: SlaSummary): number {
    const worst = METRICS.map((name, metric) => {
        const value = summary[name];
        const broken = sla.tiers.filter(
            (tier) =>
                tier.metric === metric &&
                tier.basisPoints > 0 &&
                (metric === 0 ? value < tier.threshold : value > tier.threshold),
        );
        return Math.max(0, ...broken.map(({ basisPoints }) => basisPoints));
    });
    return Math.min(
        worst.reduce((total, points) => total + points, 0),
        sla.maxPenaltyBasisPoints,
    );
}

export const isSevere = (sla: SlaTerms, points: number): boolean => points > 0 && points >= sla.severeBasisPoints;

/** Middle value of each metric; of two, the one that is worse for the seller. */
export function medianOf(reports: readonly SlaSummary[]): SlaSummary {
    const pick = (name: keyof SlaSummary, isLower: boolean): number => {
        const sorted = reports.map((report) => report[name]).sort((a, b) => a - b);
        return sorted[isLower ? (sorted.length - 1) >> 1 : sorted.length >> 1] ?? 0;
    };
    return {
        availabilityPpm: pick('availabilityPpm', true),
        errorPpm: pick('errorPpm', false),
        ttfbP95Ms: pick('ttfbP95Ms', false),
        stallPpm: pick('stallPpm', false),
        sessions: pick('sessions', true),
    };
}

/** What a severe breach takes of the lock besides. */
export const severeSlash = (lock: bigint, commitFee: bigint, slashBasisPoints: number): bigint =>
    least(lock, (commitFee * BigInt(slashBasisPoints)) / 10_000n);
