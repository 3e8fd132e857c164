import { computeGross } from '@ocm/sdk/core';
import { type DeliveryReport, deliveryReport } from '@ocm/sdk/http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readContract } from '../support/index.js';
import { createDeliveredWorld, DELIVERED } from './delivered-world.js';
import type { ReportWorld } from './report-world.js';

let world: ReportWorld;
let report: DeliveryReport;
beforeAll(async () => {
    world = await createDeliveredWorld();
    report = await world.report();
});
afterAll(() => world.close());

const total = (rows: readonly { bytes: string }[]) => rows.reduce((sum, { bytes }) => sum + BigInt(bytes), 0n);

describe('a delivery report', () => {
    it('tells bytes that are, to the unit, the sums of the manifests and what the contract has settled', async () => {
        const contract = await readContract(world.trade.market, world.trade.contract);
        expect(deliveryReport.parse(report)).toEqual(report);
        expect([report.from, report.to, report.sessions]).toEqual([0, 399, 4]);
        expect(BigInt(report.committedBytes)).toBe(DELIVERED);
        expect(contract.cumBytes[0]).toBe(DELIVERED);
        for (const rows of [report.byHour, report.byGroup, report.byFootprint, report.byNode])
            expect(total(rows)).toBe(DELIVERED);
        expect(report.sessionBytes).toBe(report.committedBytes);
    });

    it('divides them by group, footprint and node', () => {
        const [first, second] = world.nodes.map(({ address }) => address.toBase58());
        const rest = DELIVERED - 50_000_002n;
        expect(report.byGroup).toEqual([
            { group: 11, bytes: '100000008', sessions: 2 },
            { group: 12, bytes: '90000005', sessions: 2 },
        ]);
        expect(report.byFootprint).toEqual([
            { footprints: ['asn:as64496'], bytes: '50000002', sessions: 1 },
            { footprints: ['ipv4cidr:192.0.2.0/24'], bytes: rest.toString(), sessions: 3 },
        ]);
        expect(new Map(report.byNode.map(({ node, bytes }) => [node, bytes]))).toEqual(
            new Map([
                [first, rest.toString()],
                [second, '50000002'],
            ]),
        );
    });

    it('divides them by hour, and counts a viewer without a clock at the end', () => {
        const { hour } = report.byHour[0] ?? {};
        expect(hour).toMatch(/^2027-01-15T08:00\+00:00$/);
        expect(report.byHour.map((row) => [row.hour.slice(0, 13), row.bytes])).toEqual([
            ['2027-01-15T08', (DELIVERED - 7n).toString()],
            ['2027-01-15T09', '7'],
        ]);
    });

    it('tells the money as the contract holds it: gross, penalty, net and each payee', async () => {
        const contract = await readContract(world.trade.market, world.trade.contract);
        const gross = [150_000_003n, 40_000_003n, 7n]
            .map((bytes) => computeGross({ bytes, pricePerGigabyte: contract.pricePerGigabyte[0] }))
            .reduce((sum, amount) => sum + amount, 0n);
        expect(report.money).toMatchObject({
            gross: gross.toString(),
            topUp: contract.topUpTotal.toString(),
            penalty: contract.penaltyTotal.toString(),
            net: contract.paidTotal.toString(),
            settledCommitments: 3,
            openCommitments: 0,
            isComplete: true,
        });
        expect(contract.penaltyTotal).toBeGreaterThan(0n);
        const owed = contract.owed.filter((_, place) => place < contract.splits.length || place === 8);
        expect(report.money.payees.map(({ amount }) => BigInt(amount))).toEqual(owed);
        expect(owed.reduce((sum, amount) => sum + amount, 0n)).toBe(contract.paidTotal);
        expect(report.money.payees.at(-1)).toMatchObject({ role: 'treasury', payee: contract.treasury.toBase58() });
        expect(report.epochs.map(({ epoch, state, penaltyBasisPoints }) => [epoch, state, penaltyBasisPoints])).toEqual(
            [
                [0, 'settled', 0],
                [1, 'settled', 1_000],
                [399, 'settled', 0],
            ],
        );
    });

    it('tells quality from its own copies against each tier, and what it cannot know as not known', () => {
        const { quality } = report;
        expect(quality.figures).toEqual({
            availabilityPpm: null,
            // 1 error beside 3 + 9 + 3 + 3 + 3 objects.
            errorPpm: Math.floor(1_000_000 / 22),
            ttfbP95Ms: 900,
            // 300 ms of 1 + 1 + 9 + 1 seconds, and of the 10 that the token of a viewer without a clock lived.
            stallPpm: Math.floor(300_000_000 / 22_000),
        });
        expect([quality.copies, quality.uncommittedCopies, quality.uncommittedBytes]).toEqual([5, 1, '5']);
        expect(quality.tiers.map(({ metric, isKept }) => [metric, isKept])).toEqual([
            ['availability', null],
            ['availability', null],
            ['error', false],
        ]);
        expect(report.cache).toBeNull();
    });
});
