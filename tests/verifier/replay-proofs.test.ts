import { describe, expect, it } from 'vitest';
import {
    answerEvidence,
    answerInclusion,
    challengeLeaf,
    closeChallenge,
    closeOut,
    commitSessions,
    createActiveContract,
    expireCommitment,
    type FundedTrade,
    failCommitment,
    fundWallet,
    mintTokens,
    proveAll,
    seedCommitment,
    settleDelivery,
    TEST_PARAMS,
    testKeypair,
    travelTo,
} from '../support/index.js';
import { recompute } from './copies.js';

const challenger = testKeypair('doubter');

async function openWithDoubter(): Promise<FundedTrade> {
    const trade = await createActiveContract();
    await fundWallet(trade.market, challenger);
    await mintTokens(trade.market, {
        mint: trade.market.mint,
        owner: challenger.publicKey,
        amount: 4n * TEST_PARAMS.challengeBond,
    });
    return trade;
}

describe('a contract recomputed from its proofs and challenges', () => {
    it('agrees where samples were proved, a challenge was answered and nobody co-signed', async () => {
        const trade = await openWithDoubter();
        const provable = await seedCommitment(await commitSessions(trade));
        const challenge = await challengeLeaf(provable, challenger, 99n);
        await answerInclusion(provable, challenge);
        await answerEvidence(provable, challenge, trade.seller.hot);
        await proveAll(provable);
        await closeChallenge(trade, challenge);
        travelTo(trade.market, provable.commitment.committedAt + 60n);
        await settleDelivery(trade, provable.commitment);
        const { statement } = await recompute(trade);
        expect(statement.lines).toMatchObject([{ state: 'settled', gross: 500n, topUp: 0n, net: 500n }]);
        await closeOut(trade, [provable.commitment]);
        expect((await recompute(trade)).statement).toMatchObject({ states: ['closed'], vault: 0n, owed: 0n });
    });

    it('agrees where a challenge was lost and the seller slashed', async () => {
        const trade = await openWithDoubter();
        const provable = await commitSessions(trade);
        const [won, open] = [
            await challengeLeaf(provable, challenger, 5n),
            await challengeLeaf(provable, trade.contentProvider.hot, 7n, true),
        ];
        travelTo(trade.market, won.deadline + 1n);
        await failCommitment(provable, won);
        await closeChallenge(trade, won);
        await closeChallenge(trade, open);
        const { statement } = await recompute(trade);
        expect(statement.lines).toMatchObject([{ state: 'failed', net: 0n }]);
        await closeOut(trade, [provable.commitment]);
        await recompute(trade);
    });

    it('agrees where evidence never came, and where nobody accepted', async () => {
        const trade = await createActiveContract();
        const unproven = await seedCommitment(await commitSessions(trade));
        const late = await commitSessions(trade, { overrides: { epoch: 1, kind: 1 } });
        travelTo(trade.market, unproven.commitment.seededAt + 61n);
        await failCommitment(unproven);
        travelTo(trade.market, late.commitment.deadline + 1n);
        await expireCommitment(trade, late.commitment);
        const { statement } = await recompute(trade);
        expect(statement.lines.map(({ state }) => state)).toEqual(['failed', 'expired']);
    });
});
