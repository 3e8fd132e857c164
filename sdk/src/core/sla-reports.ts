import { MarketplaceError } from './error.js';
import { assertUint } from './fields.js';
import { assertSlaSummary, type SlaSummary } from './sla.js';

/** Reports that one commitment takes. */
export const MAX_SLA_REPORTS = 16;

/**
 * The median of auditors' reports, or nothing while there are fewer than the contract's quorum (protocol 6.9).
 *
 * A quorum of zero asks for one report: nothing has no median. Of an even number each metric takes the one of its two middle
 * values that is worse for the seller, who is the claimant: the lower availability, the higher errors, time to first byte and
 * stalls; of sessions, which decide nothing, the lower.
 *
 * @throws MKT_CORE__SLA_REPORTS_TOO_MANY, MKT_CORE__SLA_SHARE_TOO_LARGE, MKT_CORE__FIELD_OUT_OF_RANGE
 * @example const summary = computeSlaMedian({ reports, quorum: contract.sla.quorum }) ?? commitment.slaSelf;
 */
export function computeSlaMedian(input: { reports: readonly SlaSummary[]; quorum: number }): SlaSummary | undefined {
    const { reports, quorum } = input;
    assertUint('quorum', quorum, 8);
    if (reports.length > MAX_SLA_REPORTS) {
        throw new MarketplaceError('MKT_CORE__SLA_REPORTS_TOO_MANY', { count: reports.length, max: MAX_SLA_REPORTS });
    }
    for (const report of reports) assertSlaSummary(report);
    if (reports.length < Math.max(quorum, 1)) return undefined;
    const lower = (reports.length - 1) >> 1;
    const higher = reports.length >> 1;
    const pick = (name: keyof SlaSummary, index: number) =>
        reports.map((report) => report[name]).sort((left, right) => left - right)[index] as number;
    return {
        availabilityPpm: pick('availabilityPpm', lower),
        errorPpm: pick('errorPpm', higher),
        ttfbP95Ms: pick('ttfbP95Ms', higher),
        stallPpm: pick('stallPpm', higher),
        sessions: pick('sessions', lower),
    };
}
