import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import table from '../../../tests/vectors/sla-reports.json' with { type: 'json' };
import slashing from '../../../tests/vectors/slashing.json' with { type: 'json' };
import { isMarketplaceError } from './error.js';
import type { SlaSummary } from './sla.js';
import { computeSlaMedian } from './sla-reports.js';
import { computeLivenessSlash, computeSlashSplit } from './slashing.js';

const CODES: Record<string, string> = {
    SlaReportsTooMany: 'MKT_CORE__SLA_REPORTS_TOO_MANY',
    PartsPerMillionOutOfRange: 'MKT_CORE__SLA_SHARE_TOO_LARGE',
    BasisPointsOutOfRange: 'MKT_CORE__BASIS_POINTS_OUT_OF_RANGE',
};
const outcome = <T>(compute: () => T): T | string => {
    try {
        return compute();
    } catch (error) {
        if (!isMarketplaceError(error)) throw error;
        return error.code;
    }
};
const share = fc.nat(1_000_000);
const summaries = fc.record({
    availabilityPpm: share,
    errorPpm: share,
    ttfbP95Ms: fc.nat(0xffff),
    stallPpm: share,
    sessions: fc.nat(0xffffffff),
});

describe('SLA reports', () => {
    it.each(table.medians)('have the median of the table: $why', (row) => {
        const result = outcome(() => computeSlaMedian({ reports: row.reports, quorum: row.quorum }));
        if ('error' in row) expect(result).toBe(CODES[row.error as string]);
        else expect(result).toEqual(row.median ?? undefined);
    });

    it('keep every metric within what honest auditors reported while liars are fewer', () => {
        const honest = fc.array(summaries, { minLength: 1, maxLength: 8 });
        fc.assert(
            fc.property(honest, fc.array(summaries, { maxLength: 7 }), (truth, lies) => {
                const reports = [...lies.slice(0, truth.length - 1), ...truth];
                const median = computeSlaMedian({ reports, quorum: 1 }) as SlaSummary;
                expect(computeSlaMedian({ reports: [...reports].reverse(), quorum: 1 })).toEqual(median);
                for (const name of Object.keys(median) as (keyof SlaSummary)[]) {
                    const values = truth.map((report) => report[name]);
                    expect(median[name]).toBeGreaterThanOrEqual(Math.min(...values));
                    expect(median[name]).toBeLessThanOrEqual(Math.max(...values));
                }
            }),
        );
    });

    it('refuses a quorum that is no count', () => {
        expect(outcome(() => computeSlaMedian({ reports: [], quorum: -1 }))).toBe('MKT_CORE__FIELD_OUT_OF_RANGE');
    });
});

describe('slashed stake', () => {
    it('is split as in the table', () => {
        for (const { slashed, hasChallenger, ...split } of slashing.splits) {
            expect(computeSlashSplit({ slashed: BigInt(slashed), hasChallenger })).toEqual({
                contentProvider: BigInt(split.contentProvider),
                challenger: BigInt(split.challenger),
                treasury: BigInt(split.treasury),
            });
        }
        for (const row of slashing.liveness as {
            lock: string;
            livenessSlashBasisPoints: number;
            slash?: string;
            error?: string;
        }[]) {
            const { livenessSlashBasisPoints } = row;
            const result = outcome(() => computeLivenessSlash({ lock: BigInt(row.lock), livenessSlashBasisPoints }));
            expect(result).toBe(row.slash === undefined ? CODES[row.error as string] : BigInt(row.slash));
        }
    });

    it('adds up exactly', () => {
        fc.assert(
            fc.property(fc.bigInt(0n, (1n << 64n) - 1n), fc.boolean(), (slashed, hasChallenger) => {
                const split = computeSlashSplit({ slashed, hasChallenger });
                expect(split.contentProvider + split.challenger + split.treasury).toBe(slashed);
                expect(split.contentProvider).toBe(slashed / 2n);
                expect(split.challenger).toBe(hasChallenger ? (slashed * 3n) / 10n : 0n);
            }),
        );
        expect(outcome(() => computeSlashSplit({ slashed: -1n, hasChallenger: true }))).toBe(
            'MKT_CORE__FIELD_OUT_OF_RANGE',
        );
    });
});
