import { getReportSlaInstructions } from '@ocm/sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
    cosignDelivery,
    createActiveContract,
    createTaggedMarket,
    evidencedSession,
    type FundedTrade,
    findTestCommitment,
    GOOD_SERVICE,
    listLanded,
    type Operator,
    readCommitment,
    readContract,
    registerAuditor,
    send,
    startOperator,
    stopOperators,
    travelTo,
    travelToCommit,
} from './support/index.js';

let trade: FundedTrade;
let operator: Operator;
beforeEach(async () => {
    trade = await createActiveContract({ market: await createTaggedMarket() });
    operator = await startOperator(trade, { when: 'unlessCosigned' });
});
afterEach(stopOperators);

const commitment = (kind: 0 | 1 = 0) => readCommitment(trade, findTestCommitment(trade.contract, 0, kind));

async function commit(unreceiptedBytes = 0n): Promise<void> {
    operator.serve(0, [evidencedSession(trade, { name: 'one', bytes: 100_000_000n })], unreceiptedBytes);
    travelToCommit(trade);
    expect(await operator.commit()).toMatchObject({ failed: 0, waiting: 0 });
}

async function report(name: string, availabilityPpm: number): Promise<void> {
    const auditor = await registerAuditor(trade.market, name);
    const input = {
        authority: auditor.hot.publicKey,
        auditor: auditor.address,
        contract: trade.contract,
        commitment: (await commitment()).address,
        summary: { ...GOOD_SERVICE, availabilityPpm },
        evidenceRoot: new Uint8Array(32),
    };
    await send(trade.market, await getReportSlaInstructions(input), [auditor.hot]);
}

describe('an operator that settles', () => {
    it('saves the proofs of what is co-signed in time', async () => {
        await commit();
        trade.market.cluster.advanceSlots(trade.contract.seedDelaySlots + 2);
        await operator.prove();
        await cosignDelivery(trade, await commitment());
        expect(await operator.prove()).toEqual({ steps: 0, waiting: 0, failed: 0 });
        expect(await operator.settle()).toMatchObject({ settled: 1 });
        // Commitment, seed, co-signature, settlement: no proof was paid for.
        expect(await listLanded(trade.market, (await commitment()).address)).toHaveLength(4);
    });

    it("takes the auditors' median before it settles what it has proved", async () => {
        await commit();
        trade.market.cluster.advanceSlots(trade.contract.seedDelaySlots + 2);
        await operator.prove();
        for (const [name, availability] of Object.entries({ one: 980_000, two: 985_000, three: 999_999 }))
            await report(name, availability);
        const { committedAt, seededAt } = await commitment();
        travelTo(trade.market, seededAt + BigInt(trade.contract.proveWindowSecs) / 2n);
        expect(await operator.prove()).toMatchObject({ steps: 4 });
        travelTo(trade.market, committedAt + BigInt(trade.contract.challengeWindowSecs));
        expect(await operator.settle()).toMatchObject({ resolved: 1, settled: 0, failed: 0 });
        expect(await commitment()).toMatchObject({ slaSource: 'reports', slaSummary: { availabilityPpm: 985_000 } });
        expect(await operator.settle()).toMatchObject({ resolved: 0, settled: 1, failed: 0 });
        // Availability below 99 % costs a tenth of 500.
        expect(await readContract(trade.market, trade.contract)).toMatchObject({ paidTotal: 450n, penaltyTotal: 50n });
    });
});

describe('traffic without receipts', () => {
    it('locks no stake, is not sampled, and is paid when the content provider co-signs', async () => {
        const { bondFree } = await readContract(trade.market, trade.contract);
        await commit(50_000_000n);
        const unsigned = await commitment(1);
        expect(unsigned).toMatchObject({ kind: 1, totalBytes: 50_000_000n, leafCount: 1, lock: 0n, samples: 0 });
        expect((await readContract(trade.market, trade.contract)).bondFree).toBe(bondFree - 1_000n);
        trade.market.cluster.advanceSlots(trade.contract.seedDelaySlots + 2);
        expect(await operator.prove()).toMatchObject({ steps: 1, failed: 0 });
        expect((await commitment(1)).state).toBe('committed');
        await cosignDelivery(trade, unsigned);
        expect(await operator.settle()).toMatchObject({ settled: 1 });
        // 50 MB at 6 000 a gigabyte.
        expect((await readContract(trade.market, trade.contract)).paidTotal).toBe(300n);
    });

    it('expires unpaid when it is not', async () => {
        await commit(50_000_000n);
        travelTo(trade.market, (await commitment(1)).deadline);
        expect(await operator.settle()).toMatchObject({ expired: 0 });
        travelTo(trade.market, (await commitment(1)).deadline + 1n);
        // What was receipted is kept: it can still be seeded and proved.
        expect(await operator.settle()).toMatchObject({ expired: 1, failed: 0 });
        expect([(await commitment(1)).state, (await commitment(0)).state]).toEqual(['expired', 'committed']);
        expect((await readContract(trade.market, trade.contract)).paidTotal).toBe(0n);
    });
});
