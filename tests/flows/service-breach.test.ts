import {
    getCloseReportInstructions,
    getReportSlaInstructions,
    getResolveSlaInstructions,
    listSlaReports,
} from '@ocm/sdk';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    closeOut,
    commitSessions,
    createActiveContract,
    expectMoney,
    expectRefusal,
    type FundedTrade,
    GOOD_SERVICE,
    type Ledger,
    openTradeLedger,
    type ProvableCommitment,
    proveAll,
    readContract,
    registerAuditor,
    seedCommitment,
    send,
    settleDelivery,
    type TestParticipant,
    travelTo,
} from '../support/index.js';

const EVIDENCE_ROOT = new Uint8Array(32).fill(7);

describe('a delivery that was proved, of which three auditors saw the service', () => {
    let trade: FundedTrade;
    let ledger: Ledger;
    let auditors: TestParticipant[];
    let proven: ProvableCommitment;

    beforeEach(async () => {
        trade = await createActiveContract({ funding: 10_000_000n });
        auditors = [];
        for (const name of ['first', 'second', 'third']) auditors.push(await registerAuditor(trade.market, name));
        const [first, second, third] = auditors as [TestParticipant, TestParticipant, TestParticipant];
        ledger = await openTradeLedger(trade, { first, second, third });
        proven = await seedCommitment(await commitSessions(trade));
        await proveAll(proven);
    });

    /** Each auditor states the availability that it measured; the seller had claimed 99.99 %. */
    async function report(availabilities: readonly number[]): Promise<void> {
        for (const [place, availabilityPpm] of availabilities.entries()) {
            const auditor = auditors[place]!;
            const instructions = await getReportSlaInstructions({
                authority: auditor.hot.publicKey,
                auditor: auditor.address,
                contract: trade.contract,
                commitment: proven.commitment.address,
                summary: { ...GOOD_SERVICE, availabilityPpm },
                evidenceRoot: EVIDENCE_ROOT,
            });
            await send(trade.market, instructions, [auditor.hot]);
        }
        const { committedAt } = proven.commitment;
        travelTo(trade.market, committedAt + BigInt(trade.contract.challengeWindowSecs));
    }

    const listReports = () => listSlaReports(trade.market.connection, { commitment: proven.commitment.address });

    /** Takes the median, settles and ends the contract; nobody of the contract signs anything. */
    async function settleByReports() {
        const commitment = proven.commitment.address;
        await expectRefusal(settleDelivery(trade, proven.commitment), 'settlement', 'ReportsUnresolved');
        const reports = (await listReports()).map(({ address }) => address);
        const resolve = await getResolveSlaInstructions({ contract: trade.contract, commitment, reports });
        await send(trade.market, resolve);
        return settleDelivery(trade, proven.commitment);
    }

    async function closeEverything(): Promise<void> {
        for (const each of await listReports()) {
            await send(trade.market, await getCloseReportInstructions({ report: each }));
        }
        await closeOut(trade, [proven.commitment]);
    }

    it('refunds the buyer a tenth unasked where the median was below 99 %', async () => {
        // One auditor sides with the seller, one exaggerates: neither moves the median.
        await report([999_900, 980_000, 0]);
        const { events } = await settleByReports();
        expect(events[0]?.data).toMatchObject({ penaltyBasisPoints: 1_000, penalty: 50n, net: 450n, slashed: 0n });
        await closeEverything();
        // Fee 9 of 450; of 441: 308.7, 110.25 and 22.05, rounded down.
        await expectMoney(ledger, {
            contentProvider: -450n,
            seller: 308n,
            castOperator: 110n,
            beacons: 22n,
            treasury: 10n,
        });
    });

    it('refunds the buyer most of it and takes stake besides where the breach was severe', async () => {
        await report([940_000, 945_000, 999_000]);
        const { events } = await settleByReports();
        expect(events[0]?.data).toMatchObject({ penaltyBasisPoints: 6_000, penalty: 300n, net: 200n, slashed: 10n });
        // What is slashed waits with the registry until somebody collects it for the buyer.
        expect((await readContract(trade.market, trade.contract)).slashPending).toBe(10n);
        await closeEverything();
        // Fee 4 of 200; of 196: 137.2, 49 and 9.8, rounded down. A tenth of the minimum commit comes from the stake.
        await expectMoney(ledger, {
            contentProvider: -200n + 10n,
            seller: 137n,
            castOperator: 49n,
            beacons: 9n,
            treasury: 5n,
            sellerStake: -10n,
        });
    });

    it('is paid in full where fewer than the quorum complain', async () => {
        await report([0, 0]);
        await settleDelivery(trade, proven.commitment);
        await closeEverything();
        await expectMoney(ledger, {
            contentProvider: -500n,
            seller: 343n,
            castOperator: 122n,
            beacons: 24n,
            treasury: 11n,
        });
    });
});
