import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import table from '../../../tests/vectors/money.json' with { type: 'json' };
import { MarketplaceError } from './error.js';
import {
    computeGross,
    computeLock,
    computeMaxEpochBytes,
    computeMaxEpochGross,
    computePayableGross,
    computeReserve,
    computeSevereSlash,
    computeSpare,
    computeTopUp,
} from './money.js';
import { computeSettlement } from './settlement.js';
import { computePenaltyBasisPoints, isSevere } from './sla.js';

/** Every u64 of the tables is decimal text, every smaller number a number. */
type Amounts<Row> = { [Name in keyof Row]: Row[Name] extends string | undefined ? bigint : Row[Name] };
function amounts<Row extends object>(row: Row): Amounts<Row> {
    const isAmount = (name: string, value: unknown) => typeof value === 'string' && !['name', 'error'].includes(name);
    const entries = Object.entries(row).map(([name, value]) => [name, isAmount(name, value) ? BigInt(value) : value]);
    return Object.fromEntries(entries) as Amounts<Row>;
}

const CODES: Record<string, string> = {
    Overflow: 'MKT_CORE__AMOUNT_TOO_LARGE',
    BasisPointsOutOfRange: 'MKT_CORE__BASIS_POINTS_OUT_OF_RANGE',
    SplitCountOutOfRange: 'MKT_CORE__SPLITS_COUNT_WRONG',
    SplitsSumWrong: 'MKT_CORE__SPLITS_SUM_WRONG',
    SlaMetricUnknown: 'MKT_CORE__SLA_METRIC_UNKNOWN',
    PartsPerMillionOutOfRange: 'MKT_CORE__SLA_SHARE_TOO_LARGE',
};
/** The result, or the code of the refusal, as the table demands it. */
function outcome<T>(compute: () => T): T | string {
    try {
        return compute();
    } catch (error) {
        expect(error).toBeInstanceOf(MarketplaceError);
        return (error as MarketplaceError).code;
    }
}
const demanded = (row: { error?: string }, result: unknown) =>
    row.error === undefined ? result : (CODES[row.error] ?? row.error);

describe('money', () => {
    it('prices bytes as the table does', () => {
        for (const row of table.gross) {
            const input = amounts(row);
            expect(outcome(() => computeGross(input))).toBe(demanded(row, input.gross));
        }
        for (const row of table.payableGross) expect(computePayableGross(amounts(row))).toBe(BigInt(row.payable));
    });

    it('bounds an epoch as the table does', () => {
        for (const row of table.maxEpochGross) {
            const input = amounts(row);
            expect(outcome(() => computeMaxEpochGross(input))).toBe(demanded(row, input.maxEpochGross));
            const bytes = outcome(() => computeMaxEpochBytes(input));
            expect(bytes).toBe(input.maxEpochBytes ?? 'MKT_CORE__AMOUNT_TOO_LARGE');
        }
    });

    it('reserves, locks, spares, tops up and slashes as the table does', () => {
        for (const row of table.reserve) {
            expect(outcome(() => computeReserve(amounts(row)))).toBe(demanded(row, amounts(row).reserve));
        }
        for (const row of table.lock) {
            expect(outcome(() => computeLock(amounts(row)))).toBe(demanded(row, amounts(row).lock));
        }
        for (const row of table.spare) expect(computeSpare(amounts(row))).toBe(BigInt(row.spare));
        for (const row of table.topUp) expect(computeTopUp(amounts(row))).toBe(BigInt(row.topUp));
        for (const row of table.severeSlash) expect(computeSevereSlash(amounts(row))).toBe(BigInt(row.slash));
    });

    it.each(table.settlements)('settles as the table does: $name', (row) => {
        const input = amounts(row);
        const splits = row.splits.map((basisPoints) => ({ basisPoints }));
        const { penalty, net, fee, treasury } = input;
        const payouts = row.payouts?.map(BigInt);
        const expected = demanded(row, { penalty, net, fee, payouts, treasury });
        expect(outcome(() => computeSettlement({ ...input, splits }))).toEqual(expected);
    });

    it.each(table.penalties)('finds the penalty of the table: $name', (row) => {
        const sla = { ...row, quorum: 3 };
        const penalty = outcome(() => computePenaltyBasisPoints({ sla, summary: row.summary }));
        expect(penalty).toBe(demanded(row, row.penaltyBasisPoints));
        if (typeof penalty === 'number') expect(isSevere(sla, penalty)).toBe(row.severe);
    });

    const u64 = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
    const splitLists = fc.array(fc.nat(10_000), { maxLength: 7 }).map((cuts) => {
        const edges = [0, ...cuts.sort((a, b) => a - b), 10_000];
        return edges.slice(1).map((edge, i) => ({ basisPoints: edge - (edges[i] as number) }));
    });

    it('conserves every unit and never pays more than was earned', () => {
        fc.assert(
            fc.property(u64, u64, fc.nat(10_000), fc.nat(10_000), splitLists, (gross, topUp, penalty, fee, splits) => {
                fc.pre(gross + topUp < 1n << 64n);
                const input = { gross, topUp, penaltyBasisPoints: penalty, feeBasisPoints: fee, splits };
                const result = computeSettlement(input);
                const paid = result.payouts.reduce((sum, payout) => sum + payout, 0n);
                expect(paid + result.treasury + result.penalty).toBe(gross + topUp);
                expect(result.net + result.penalty).toBe(gross + topUp);
                expect(result.treasury - result.fee).toBeLessThan(8n);
                expect(result.payouts.every((payout) => payout >= 0n)).toBe(true);
            }),
        );
    });

    it('gives the same total in whatever order the payees stand', () => {
        fc.assert(
            fc.property(u64, splitLists, (gross, splits) => {
                const base = { gross, topUp: 0n, penaltyBasisPoints: 0, feeBasisPoints: 200 };
                const forward = computeSettlement({ ...base, splits });
                const backward = computeSettlement({ ...base, splits: [...splits].reverse() });
                expect([...backward.payouts].reverse()).toEqual(forward.payouts);
                expect(backward.treasury).toBe(forward.treasury);
            }),
        );
    });

    it('refuses amounts that are no u64 instead of computing with them', () => {
        const hostile = fc.oneof(
            fc.anything(),
            fc.bigInt({ max: -1n }),
            fc.bigInt({ min: 1n << 64n }),
            fc.double(),
        ) as fc.Arbitrary<bigint>;
        fc.assert(
            fc.property(hostile, (value) => {
                fc.pre(typeof value !== 'bigint' || value < 0n || value >= 1n << 64n);
                expect(() => computeGross({ bytes: value, pricePerGigabyte: 1n })).toThrow(MarketplaceError);
                expect(() => computeSpare({ vaultBalance: 1n, owedTotal: value, openGross: 0n })).toThrow(
                    MarketplaceError,
                );
            }),
        );
    });
});
