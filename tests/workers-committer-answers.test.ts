import { buildSettlementTree, fetchLeafChallenge } from '@ocm/sdk';
import type { Keypair } from '@solana/web3.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
    answerInclusion,
    challengeLeaf,
    cosignDelivery,
    createActiveContract,
    createTaggedMarket,
    evidencedSession,
    type FundedTrade,
    failCommitment,
    findTestCommitment,
    firstByteOf,
    fundWallet,
    listLanded,
    mintTokens,
    type Operator,
    ownerBalance,
    type ProvableCommitment,
    readChallenge,
    readCommitment,
    settleDelivery,
    startOperator,
    stopOperators,
    TEST_PARAMS,
    testKeypair,
    travel,
    travelTo,
    travelToCommit,
} from './support/index.js';

const BOND = TEST_PARAMS.challengeBond;
let trade: FundedTrade;
let operator: Operator;
let provable: ProvableCommitment;
beforeEach(async () => {
    trade = await createActiveContract({ market: await createTaggedMarket() });
    operator = await startOperator(trade);
    const sessions = [60n, 30n, 10n].map((size, place) =>
        evidencedSession(trade, { name: `${place}`, bytes: size * 1_000_000n }),
    );
    operator.serve(0, sessions);
    travelToCommit(trade);
    await operator.commit();
    const commitment = await readCommitment(trade, findTestCommitment(trade.contract));
    const tree = buildSettlementTree(sessions.map(({ leaf }) => leaf));
    provable = { trade, commitment, tree, sessions };
});
afterEach(stopOperators);

/** Somebody with tokens for a bond. */
async function createChallenger(name = 'challenger'): Promise<Keypair> {
    const challenger = testKeypair(name);
    await fundWallet(trade.market, challenger);
    await mintTokens(trade.market, { mint: trade.market.mint, owner: challenger.publicKey, amount: 10n * BOND });
    return challenger;
}

describe('an operator that is challenged', () => {
    it('answers each in time, the nearest deadline first, and gets the bonds', async () => {
        const challenger = await createChallenger();
        const targets = provable.sessions.map(({ leaf }) => firstByteOf(provable.tree, leaf));
        const first = await challengeLeaf(provable, challenger, targets[2]!);
        travel(trade.market, 5);
        const second = await challengeLeaf(provable, challenger, targets[0]!);
        expect(second.deadline).toBe(first.deadline + 5n);
        expect(await operator.answer()).toEqual({ answered: 2, closed: 0, waiting: 0, failed: 0 });
        const order = (await listLanded(trade.market, provable.commitment.address)).map(({ signature }) => signature);
        const [landed, later] = await Promise.all([first, second].map((one) => listLanded(trade.market, one.address)));
        // Newest first: the answer to the first challenge came before that to the second.
        expect(order.indexOf(landed![0]!.signature)).toBeGreaterThan(order.indexOf(later![0]!.signature));
        for (const { address } of [first, second]) expect((await readChallenge(trade, address)).state).toBe('answered');
        const { mint } = trade.market;
        const before = await ownerBalance(trade.market, mint, trade.seller.hot.publicKey);
        expect(await operator.answer()).toEqual({ answered: 0, closed: 2, waiting: 0, failed: 0 });
        expect(await ownerBalance(trade.market, mint, trade.seller.hot.publicKey)).toBe(before + 2n * BOND);
        expect(await fetchLeafChallenge(trade.market.connection, first.address)).toBeNull();
        expect(await operator.answer()).toEqual({ answered: 0, closed: 0, waiting: 0, failed: 0 });
        expect(operator.telemetry.status()).toMatchObject({ challengesAnswered: 2, troubles: [] });
    });

    it('finishes an answer of which only the first half had landed', async () => {
        const challenger = await createChallenger();
        const target = firstByteOf(provable.tree, provable.sessions[1]!.leaf);
        const { address } = await challengeLeaf(provable, challenger, target);
        await answerInclusion(provable, await readChallenge(trade, address));
        expect(await operator.answer()).toMatchObject({ answered: 1, failed: 0 });
        const landed = await listLanded(trade.market, address);
        expect(landed.map(({ err }) => err)).toEqual([null, null, null]);
    });

    it('settles only when it has answered, and proves its samples meanwhile', async () => {
        const challenger = await createChallenger();
        trade.market.cluster.advanceSlots(trade.contract.seedDelaySlots + 2);
        await operator.prove();
        await operator.prove();
        const finalAt = provable.commitment.committedAt + BigInt(trade.contract.challengeWindowSecs);
        travelTo(trade.market, finalAt - 1n);
        await challengeLeaf(provable, challenger, 5n);
        travelTo(trade.market, finalAt);
        expect(await operator.settle()).toMatchObject({ settled: 0, failed: 0 });
        await operator.answer();
        expect(await operator.settle()).toMatchObject({ settled: 1 });
    });

    it('gives bonds back that a co-signature has overtaken, so that the commitment can be closed', async () => {
        const challenger = await createChallenger();
        const before = await ownerBalance(trade.market, trade.market.mint, challenger.publicKey);
        await challengeLeaf(provable, challenger, 5n);
        await cosignDelivery(trade, provable.commitment);
        await settleDelivery(trade, provable.commitment);
        travelTo(trade.market, provable.commitment.closableAt + 1n);
        expect(await operator.settle()).toMatchObject({ closed: 0, failed: 0 });
        expect(await operator.answer()).toEqual({ answered: 0, closed: 1, waiting: 0, failed: 0 });
        expect(await ownerBalance(trade.market, trade.market.mint, challenger.publicKey)).toBe(before);
        expect(await operator.settle()).toMatchObject({ closed: 1 });
    });

    it('says that a challenge is lost, and leaves what its challenger has won to it', async () => {
        const challenger = await createChallenger();
        const { address } = await challengeLeaf(provable, challenger, 5n);
        travel(trade.market, TEST_PARAMS.challengeResponseSecs + 1);
        expect(await operator.answer()).toMatchObject({ answered: 0, failed: 1 });
        expect(operator.telemetry.status().troubles).toMatchObject([
            { account: address.toBase58(), code: 'MKT_COMMITTER__CHALLENGE_LOST' },
        ]);
        await failCommitment(provable, { address });
        operator.clock.nowMs += 60_000;
        expect(await operator.answer()).toEqual({ answered: 0, closed: 0, waiting: 0, failed: 0 });
    });
});
