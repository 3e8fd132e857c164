import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { computeEpochBounds, getCloseCommitmentInstructions } from '@ocm/sdk';
import { computeGross, formatLogFile, type Receipt } from '@ocm/sdk/core';
import { type DeliveryReport, deliveryReport } from '@ocm/sdk/http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
    GOOD_SERVICE,
    needTimeTravel,
    readCommitment,
    readContract,
    send,
    type TestSession,
    testSession,
} from '../support/index.js';
import { createReportWorld, type ReportWorld } from './report-world.js';

let world: ReportWorld;
let sessions: TestSession[];
let report: DeliveryReport;

/** A session of a node in a group, whose last byte came so many seconds into its epoch. */
function session(
    name: string,
    { epoch = 0, node = 0, group = 1, bytes = 1_000_003n, second = 1, ...receipt }: SessionShape,
): TestSession {
    const { trade, nodes } = world;
    const lastMs = computeEpochBounds(trade.contract, epoch).beginsAt * 1_000n + BigInt(second) * 1_000n;
    return testSession(
        { ...trade, node: nodes[node] ?? nodes[0] },
        { name, bytes, epoch },
        { token: { clientGroup: group, maxBytes: bytes }, receipt: { lastMs, ...receipt } },
    );
}
type SessionShape = {
    epoch?: number;
    node?: 0 | 1;
    group?: number;
    bytes?: bigint;
    second?: number;
} & Partial<Receipt>;

beforeAll(async () => {
    world = await createReportWorld();
    needTimeTravel(world.trade.market);
    sessions = [
        session('a', { group: 11, bytes: 100_000_001n }),
        session('b', { group: 12, bytes: 50_000_002n, node: 1, ttfbP95Ms: 80, errors: 1, objects: 9 }),
        session('c', { group: 12, bytes: 40_000_003n, epoch: 1, second: 9, ttfbP95Ms: 900, stallCentisecs: 30 }),
        session('d', { group: 11, bytes: 7n, epoch: 399, lastMs: 2n ** 64n - 1n }),
    ];
    for (const { evidence } of sessions) {
        await world.ledger.addToken(evidence.token);
        await world.ledger.addCopy(evidence.receipt, evidence.receiptSignature);
    }
    const hidden = session('hidden', { epoch: 1, bytes: 5n });
    await world.ledger.addToken(hidden.evidence.token);
    await world.ledger.addCopy(hidden.evidence.receipt, hidden.evidence.receiptSignature);
    const [a, b, c, d] = sessions as [TestSession, TestSession, TestSession, TestSession];
    const first = await world.settleEpoch(0, [a, b]);
    await world.settleEpoch(1, [c], { ...GOOD_SERVICE, availabilityPpm: 980_000 });
    await world.settleEpoch(399, [d]);
    // As an operator does: the account is gone, its figures are in the contract's transactions.
    const { market } = world.trade;
    const commitment = await readCommitment(world.trade, first);
    await send(market, await getCloseCommitmentInstructions({ commitment }));
    report = await world.report();
});
afterAll(() => world.close());

const total = (rows: readonly { bytes: string }[]) => rows.reduce((sum, { bytes }) => sum + BigInt(bytes), 0n);
const DELIVERED = 100_000_001n + 50_000_002n + 40_000_003n + 7n;

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

    it('reads the share from cache of the log files that it has, each once, and leaves damaged ones out', async () => {
        const folder = join(world.folder, 'logs', report.contract, '1');
        await mkdir(folder, { recursive: true });
        const record = (bytes: string, cached: string) => ({
            date: '2027-01-15',
            time: '08:00:00',
            'time-taken': '0.010',
            'c-groupid': '11',
            'cs-method': 'GET',
            'u-uri': 'http://cdn.example/a.m4s',
            protocol: 'HTTP/1.1',
            'sc-status': '200',
            'sc-total-bytes': bytes,
            'sc-entity-bytes': bytes,
            's-cached': cached,
        });
        const file = formatLogFile({
            uuid: '0b7e3c1e-6c1f-4f6b-9a55-1f0d6b6f0a01',
            fields: Object.keys(record('', '')),
            records: [record('75', '1'), record('25', '0')],
        });
        await writeFile(join(folder, 'a.log'), file);
        await writeFile(join(folder, 'b.log'), file);
        await writeFile(join(folder, 'c.log'), file.replace('75', '76'));
        const withLogs = await world.report();
        expect(withLogs.cache).toEqual({ cachedBytes: '75', loggedBytes: '100', ratioPpm: 750_000, logFiles: 1 });
        expect(withLogs.unreadableLogs).toBe(1);
        expect((await world.report({ from: 2 })).cache).toBeNull();
        await rm(folder, { recursive: true });
    });

    it('covers the asked epochs alone, and adds up from parts', async () => {
        const parts = [
            await world.report({ to: 0 }),
            await world.report({ from: 1, to: 1 }),
            await world.report({ from: 2 }),
        ];
        expect(parts.map(({ committedBytes }) => BigInt(committedBytes))).toEqual([150_000_003n, 40_000_003n, 7n]);
        const sumOf = (name: 'gross' | 'net' | 'penalty' | 'fee') =>
            parts.reduce((sum, { money }) => sum + BigInt(money[name]), 0n).toString();
        for (const name of ['gross', 'net', 'penalty', 'fee'] as const) expect(sumOf(name)).toBe(report.money[name]);
    });

    it('counts no session of a manifest that does not give the root on chain, and says so', async () => {
        const key = report.epochs[1]?.commitment ?? '';
        const manifest = world.manifests.get(key);
        if (manifest === undefined) throw new Error('the manifest is there');
        await rm(join(world.folder, 'manifests'), { recursive: true });
        world.manifests.set(key, { ...manifest, sessions: [] });
        const without = await world.report();
        expect(without.epochs.map(({ sessionBytes }) => sessionBytes)).toEqual(['150000003', null, '7']);
        expect(without.committedBytes).toBe(report.committedBytes);
        expect(total(without.byNode)).toBe(DELIVERED - 40_000_003n);
        expect(without.money).toEqual(report.money);
        world.manifests.set(key, manifest);
        expect(await world.report()).toEqual(report);
        // Kept from then on: the operator need not serve them for ever.
        world.manifests.clear();
        expect(await world.report()).toEqual(report);
    });

    it('refuses ranges that have not ended or are upside down, other contracts and unknown time zones', async () => {
        const refuse = (request: Parameters<typeof world.report>[0], code: string) =>
            expect(world.report(request)).rejects.toMatchObject({ code: `MKT_PROVIDER__${code}` });
        await refuse({ to: 400 }, 'REPORT_RANGE_INVALID');
        await refuse({ from: 2, to: 1 }, 'REPORT_RANGE_INVALID');
        await refuse({ contract: world.trade.seller.address.toBase58() }, 'CONTRACT_UNKNOWN');
        await refuse({ timezone: 'Mars/Olympus' }, 'TIMEZONE_UNKNOWN');
    });
});
