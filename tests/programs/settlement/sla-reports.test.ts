import {
    fetchSlaReport,
    findSlaReportAddress,
    getCloseReportInstructions,
    getReportSlaInstructions,
    getResolveSlaInstructions,
    listSlaReports,
    type SlaSummary,
} from '@ocm/sdk';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    acceptOffer,
    commitSessions,
    corruptField,
    cosignDelivery,
    createActiveContract,
    expectRefusal,
    type FundedTrade,
    fundContract,
    fundWallet,
    GOOD_SERVICE,
    type ProvableCommitment,
    proveAll,
    readCommitment,
    registerAuditor,
    seedCommitment,
    send,
    settleDelivery,
    swapAccount,
    type TestParticipant,
    testKeypair,
    travelTo,
} from '../../support/index.js';

const ROOT = new Uint8Array(32).fill(7);

describe('SLA reports', () => {
    let trade: FundedTrade;
    let provable: ProvableCommitment;
    let auditors: TestParticipant[];

    beforeEach(async () => {
        // Three auditors make the quorum of the contract.
        trade = await createActiveContract();
        auditors = [];
        for (const name of ['first', 'second', 'third']) auditors.push(await registerAuditor(trade.market, name));
        provable = await commitSessions(trade);
    });

    const build = (auditor: TestParticipant, change: Partial<SlaSummary> = {}) =>
        getReportSlaInstructions({
            authority: auditor.hot.publicKey,
            auditor: auditor.address,
            contract: trade.contract,
            commitment: provable.commitment.address,
            summary: { ...GOOD_SERVICE, ...change },
            evidenceRoot: ROOT,
        });
    const report = async (auditor: TestParticipant, change: Partial<SlaSummary> = {}) =>
        send(trade.market, await build(auditor, change), [auditor.hot]);
    const reportsOf = async () => listSlaReports(trade.market.connection, { commitment: provable.commitment.address });
    const resolve = async (reports?: Awaited<ReturnType<typeof reportsOf>>) =>
        send(
            trade.market,
            await getResolveSlaInstructions({
                contract: trade.contract,
                commitment: provable.commitment.address,
                reports: (reports ?? (await reportsOf())).map(({ address }) => address),
            }),
        );
    const afterWindow = () => travelTo(trade.market, provable.commitment.committedAt + 60n);

    it('are kept as their auditors state them', async () => {
        const [auditor] = auditors;
        if (!auditor) throw new Error('no auditor');
        const { events } = await report(auditor, { availabilityPpm: 940_000 });
        const { address: commitment } = provable.commitment;
        const address = findSlaReportAddress({ commitment, auditor: auditor.address });
        const summary = { ...GOOD_SERVICE, availabilityPpm: 940_000 };
        expect(await fetchSlaReport(trade.market.connection, address)).toMatchObject({
            commitment,
            auditor: auditor.address,
            summary,
            evidenceRoot: ROOT,
            rentPayer: auditor.hot.publicKey,
        });
        expect(events).toEqual([
            {
                program: 'settlement',
                name: 'SlaReported',
                data: { report: address, commitment, auditor: auditor.address, summary, evidenceRoot: ROOT },
            },
        ]);
        await expectRefusal(report(auditor), 'system', 'AccountAlreadyInUse');
    });

    it('of a quorum refund the content provider without a claim', async () => {
        const seeded = await seedCommitment(provable);
        await proveAll(seeded);
        const figures = [940_000, 945_000, 999_000];
        for (const [place, auditor] of auditors.entries())
            await report(auditor, { availabilityPpm: figures[place] ?? 0 });
        await expectRefusal(resolve(), 'settlement', 'ChallengeWindowOpen');
        afterWindow();
        await expectRefusal(settleDelivery(trade, provable.commitment), 'settlement', 'ReportsUnresolved');
        const { events } = await resolve();
        expect(events[0]).toMatchObject({ name: 'SlaResolved', data: { reports: 3 } });
        expect(await readCommitment(trade, provable.commitment)).toMatchObject({
            slaSource: 'reports',
            slaSummary: { ...GOOD_SERVICE, availabilityPpm: 945_000 },
        });
        const settled = await settleDelivery(trade, provable.commitment);
        // Below 95 %: 60 % of 500, and a tenth of the minimum commit out of the lock.
        expect(settled.events[0]?.data).toMatchObject({ penaltyBasisPoints: 6_000, penalty: 300n, slashed: 10n });
    });

    it('below the quorum leave the seller’s figures', async () => {
        const seeded = await seedCommitment(provable);
        await proveAll(seeded);
        for (const auditor of auditors.slice(0, 2)) await report(auditor, { availabilityPpm: 0 });
        afterWindow();
        await expectRefusal(resolve(), 'settlement', 'QuorumMissing');
        const { events } = await settleDelivery(trade, provable.commitment);
        expect(events[0]?.data).toMatchObject({ penalty: 0n, slashed: 0n });
    });

    it('count all, each once, and only those on the commitment', async () => {
        for (const auditor of auditors) await report(auditor);
        afterWindow();
        const reports = await reportsOf();
        await expectRefusal(resolve(reports.slice(1)), 'settlement', 'ReportsIncomplete');
        const [first, second] = reports;
        if (!first || !second) throw new Error('reports');
        await expectRefusal(resolve([first, first, second]), 'settlement', 'ReportsIncomplete');
        await corruptField(trade.market, {
            program: 'settlement',
            account: 'SlaReport',
            address: first.address,
            field: 'commitment',
            bytes: new Uint8Array(32),
        });
        await expectRefusal(resolve(reports), 'settlement', 'WrongReport');
    });

    it('come from auditors alone, in time, with figures that can be', async () => {
        const { market, seller } = trade;
        const [auditor] = auditors;
        if (!auditor) throw new Error('no auditor');
        await expectRefusal(report(seller), 'settlement', 'NotAuditor');
        const stranger = testKeypair('stranger');
        await fundWallet(market, stranger);
        const swapped = swapAccount(await build(auditor), auditor.hot.publicKey, stranger.publicKey);
        await expectRefusal(send(market, swapped, [stranger]), 'settlement', 'NotAuthorized');
        const count = { program: 'settlement', account: 'DeliveryCommitment', field: 'reportCount' } as const;
        const { address } = provable.commitment;
        await corruptField(market, { ...count, address, bytes: Uint8Array.of(16) });
        await expectRefusal(report(auditor), 'settlement', 'TooManyReports');
        await corruptField(market, { ...count, address, bytes: Uint8Array.of(0) });
        const other = await fundContract(
            market,
            trade.contentProvider,
            await acceptOffer(market, trade.contentProvider, trade.offer),
        );
        const foreign = swapAccount(await build(auditor), trade.contract.address, other.address);
        await expectRefusal(send(market, foreign, [auditor.hot]), 'settlement', 'WrongContract');
        afterWindow();
        await expectRefusal(report(auditor), 'settlement', 'ReportWindowClosed');
    });

    it('are not heard once the content provider has accepted', async () => {
        const [first, second] = auditors;
        if (!first || !second) throw new Error('auditors');
        await report(first);
        await cosignDelivery(trade, provable.commitment);
        await expectRefusal(report(second), 'settlement', 'CommitmentStateInvalid');
        afterWindow();
        await expectRefusal(resolve(), 'settlement', 'CommitmentStateInvalid');
    });

    it('give their rent back when the commitment has ended', async () => {
        const [auditor] = auditors;
        if (!auditor) throw new Error('no auditor');
        await report(auditor);
        const [stated] = await reportsOf();
        if (!stated) throw new Error('no report');
        const { market } = trade;
        const close = async (change: Partial<typeof stated> = {}) =>
            send(market, await getCloseReportInstructions({ report: { ...stated, ...change } }));
        await expectRefusal(close(), 'settlement', 'CommitmentStateInvalid');
        await cosignDelivery(trade, provable.commitment);
        await settleDelivery(trade, provable.commitment);
        const thief = testKeypair('thief').publicKey;
        await expectRefusal(close({ rentPayer: thief }), 'settlement', 'WrongRentPayer');
        await expectRefusal(close({ commitment: thief }), 'settlement', 'WrongReport');
        const before = await market.connection.getBalance(auditor.hot.publicKey);
        const { events } = await close();
        expect(events[0]?.name).toBe('SlaReportClosed');
        expect(await market.connection.getBalance(auditor.hot.publicKey)).toBeGreaterThan(before);
        expect(await reportsOf()).toEqual([]);
    });
});
