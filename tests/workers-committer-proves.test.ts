import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
    createActiveContract,
    createTaggedMarket,
    evidencedSession,
    type FundedTrade,
    failCommitment,
    findTestCommitment,
    listLanded,
    type Operator,
    ownerBalance,
    readCommitment,
    readContract,
    startOperator,
    stopOperators,
    travel,
    travelTo,
    travelToCommit,
} from './support/index.js';

let trade: FundedTrade;
let operator: Operator;
beforeEach(async () => {
    trade = await createActiveContract({ market: await createTaggedMarket() });
});
afterEach(stopOperators);

const commitment = (epoch = 0) => readCommitment(trade, findTestCommitment(trade.contract, epoch));

/** Three viewers of 60, 30 and 10 MB, committed by the operator's own pass. */
async function commitEpoch(epoch = 0): Promise<void> {
    const megabytes = [60n, 30n, 10n];
    const sessions = megabytes.map((size, place) =>
        evidencedSession(trade, { name: `${epoch} ${place}`, bytes: size * 1_000_000n, epoch }),
    );
    operator.serve(epoch, sessions);
    travelToCommit(trade, epoch);
    expect(await operator.commit()).toMatchObject({ failed: 0, missed: 0, waiting: 0 });
}

/** The slot after the one that seeds, as confirmed. */
const toSeedSlot = () => trade.market.cluster.advanceSlots(trade.contract.seedDelaySlots + 2);

describe('an operator whose content provider is silent', () => {
    it('is paid in full for what its viewers signed, every sample proven by the worker alone', async () => {
        operator = await startOperator(trade);
        const before = await ownerBalance(trade.market, trade.market.mint, trade.seller.owner.publicKey);
        await commitEpoch();
        expect(await operator.prove()).toEqual({ steps: 0, waiting: 1, failed: 0 });
        toSeedSlot();
        expect(await operator.prove()).toEqual({ steps: 1, waiting: 0, failed: 0 });
        expect(await commitment()).toMatchObject({ state: 'seeded', samples: 2 });
        expect(await operator.prove()).toEqual({ steps: 4, waiting: 0, failed: 0 });
        expect(await commitment()).toMatchObject({ state: 'proven', inclusionBits: 0b11, evidenceBits: 0b11 });
        expect(await operator.settle()).toMatchObject({ settled: 0, waiting: 1 });
        travelTo(trade.market, (await commitment()).committedAt + BigInt(trade.contract.challengeWindowSecs));
        expect(await operator.settle()).toMatchObject({ settled: 1, failed: 0 });
        // 100 MB at 5 000 a gigabyte, less the fee of 2 %; seven tenths of it are the seller's.
        expect((await readContract(trade.market, trade.contract)).owed[0]).toBe(343n);
        expect(await operator.withdraw(344n)).toMatchObject({ withdrawn: 0 });
        expect(await operator.withdraw(343n)).toMatchObject({ withdrawn: 1 });
        expect(await operator.withdraw()).toMatchObject({ withdrawn: 0, failed: 0 });
        expect(await ownerBalance(trade.market, trade.market.mint, trade.seller.owner.publicKey)).toBe(before + 343n);
        expect(operator.telemetry.status()).toMatchObject({ samplesProven: 2, withdrawals: 1, troubles: [] });
    });

    it('sends nothing twice: what is done is read from the chain', async () => {
        operator = await startOperator(trade);
        await commitEpoch();
        toSeedSlot();
        await operator.prove();
        await operator.prove();
        const landed = await listLanded(trade.market, (await commitment()).address);
        expect(await operator.prove()).toEqual({ steps: 0, waiting: 0, failed: 0 });
        const after = await listLanded(trade.market, (await commitment()).address);
        expect(after).toHaveLength(landed.length);
        // Commitment, seed, and two proofs for each sample; none of them refused.
        expect(after.map(({ err }) => err)).toEqual([null, null, null, null, null, null]);
    });

    it('draws anew for twice the samples when the seed was missed, and proves all of them', async () => {
        operator = await startOperator(trade);
        await commitEpoch();
        trade.market.cluster.advanceSlots(600);
        expect(await operator.prove()).toMatchObject({ steps: 1, failed: 0 });
        expect(await commitment()).toMatchObject({ state: 'committed', rearms: 1, samples: 4 });
        toSeedSlot();
        await operator.prove();
        await operator.prove();
        expect(await commitment()).toMatchObject({ state: 'proven', evidenceBits: 0b1111 });
    });

    it('waits for a co-signature with its proofs as long as is safe, and no longer, but not with the seed', async () => {
        operator = await startOperator(trade, { when: 'unlessCosigned' });
        await commitEpoch();
        toSeedSlot();
        expect(await operator.prove()).toMatchObject({ steps: 1 });
        expect(await operator.prove()).toMatchObject({ steps: 0, waiting: 1 });
        const { seededAt } = await commitment();
        const half = BigInt(trade.contract.proveWindowSecs) / 2n;
        travelTo(trade.market, seededAt + half - 1n);
        expect(await operator.prove()).toMatchObject({ steps: 0, waiting: 1 });
        travelTo(trade.market, seededAt + half);
        expect(await operator.prove()).toMatchObject({ steps: 4 });
        expect((await commitment()).state).toBe('proven');
    });
});

describe('an operator that has lost its manifest', () => {
    const lose = async () => {
        const { address } = await commitment();
        await rm(join(operator.dataDir, 'commitments', address.toBase58()), { recursive: true });
    };

    it('seeds nothing that it could not prove, says what to restore, and lets it expire without a loss', async () => {
        operator = await startOperator(trade);
        await commitEpoch();
        await lose();
        toSeedSlot();
        expect(await operator.prove(operator.freshProofs())).toEqual({ steps: 0, waiting: 0, failed: 1 });
        const { address } = await commitment();
        expect(operator.telemetry.status().troubles).toEqual([
            {
                account: address.toBase58(),
                code: 'MKT_COMMITTER__MANIFEST_MISSING',
                message: expect.stringContaining('restore its folder from a backup'),
            },
        ]);
        expect((await commitment()).state).toBe('committed');
    });

    it('fails on chain when its proofs are late, loses a part of its lock, and goes on with the next epoch', async () => {
        operator = await startOperator(trade);
        await commitEpoch();
        toSeedSlot();
        await operator.prove();
        await lose();
        expect(await operator.prove(operator.freshProofs())).toMatchObject({ failed: 1 });
        travel(trade.market, trade.contract.proveWindowSecs + 1);
        const { bondTotal } = await readContract(trade.market, trade.contract);
        await failCommitment({ trade, commitment: await commitment() });
        expect((await readContract(trade.market, trade.contract)).bondTotal).toBe(bondTotal - 250n);
        operator.clock.nowMs += 60_000;
        expect(await operator.prove()).toMatchObject({ failed: 0 });
        await commitEpoch(1);
        toSeedSlot();
        await operator.prove();
        await operator.prove();
        expect((await commitment(1)).state).toBe('proven');
    });
});
