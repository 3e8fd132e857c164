import { type Receipt, SLA_METRICS, type Sla, type Token } from '@ocm/sdk/core';
import type { DeliveryReport, SlaFigures } from '@ocm/sdk/http';

const PPM = 1_000_000n;
/** Tokens begin this long before they are issued, unless that is before their epoch (token-issuer.ts). */
const CLOCK_SKEW_SECS = 60;

export type Copy = { key: string; receipt: Receipt; token: Token; epochBeginsAtSecs: number };

/**
 * Quality as viewers signed it in their last receipts, from the copies that this worker holds; the rules are the node's
 * (errors of requests, stalls of viewing time, nearest-rank 95th percentile over sessions), so that the two can be compared.
 * Viewing time begins when the token was issued. Availability is not known from receipts: who got nothing signs nothing.
 */
export function computeFigures(copies: readonly Copy[]): SlaFigures {
    const sum = (of: (copy: Copy) => bigint) => copies.reduce((total, copy) => total + of(copy), 0n);
    const errors = sum(({ receipt }) => BigInt(receipt.errors));
    const objects = sum(({ receipt }) => BigInt(receipt.objects));
    const stallMs = sum(({ receipt }) => BigInt(receipt.stallCentisecs) * 10n);
    const share = (part: bigint, whole: bigint) => (whole === 0n ? null : Number((part * PPM) / whole));
    const stallPpm = share(stallMs, sum(viewedMsOf));
    return {
        availabilityPpm: null,
        errorPpm: share(errors, objects + errors),
        ttfbP95Ms: percentile95(copies.map(({ receipt }) => receipt.ttfbP95Ms)),
        stallPpm: stallPpm === null ? null : Math.min(Number(PPM), stallPpm),
    };
}

function viewedMsOf({ receipt, token, epochBeginsAtSecs }: Copy): bigint {
    const isMovedBack = token.notBeforeSecs > epochBeginsAtSecs;
    const issuedAtSecs = token.notBeforeSecs + (isMovedBack ? CLOCK_SKEW_SECS : 0);
    const viewedMs = receipt.lastMs - BigInt(issuedAtSecs) * 1000n;
    // A viewer writes the time itself: one that lies must not outweigh all others.
    const lifeMs = BigInt(Math.max(0, token.notAfterSecs - issuedAtSecs)) * 1000n;
    return viewedMs < 0n ? 0n : viewedMs > lifeMs ? lifeMs : viewedMs;
}

/** Nearest rank: the smallest value that at least 95 % do not exceed. */
function percentile95(values: readonly number[]): number | null {
    const sorted = [...values].sort((left, right) => left - right);
    return sorted[Math.max(0, Math.ceil(sorted.length * 0.95) - 1)] ?? null;
}

/** Each tier of the contract's SLA beside what was measured. Exactly at the threshold the promise is kept. */
export function compareTiers(sla: Sla, figures: SlaFigures): DeliveryReport['quality']['tiers'] {
    const measuredOf = {
        availability: figures.availabilityPpm,
        error: figures.errorPpm,
        ttfb: figures.ttfbP95Ms,
        stall: figures.stallPpm,
    };
    return sla.tiers.flatMap(({ metric: number, threshold, basisPoints }) => {
        const metric = SLA_METRICS[number];
        if (metric === undefined || basisPoints === 0) return [];
        const measured = measuredOf[metric];
        const isKept =
            measured === null ? null : metric === 'availability' ? measured >= threshold : measured <= threshold;
        return [{ metric, threshold, basisPoints, measured, isKept }];
    });
}
