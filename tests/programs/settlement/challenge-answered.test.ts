import { expect, it } from 'vitest';
import {
    answerEvidence,
    answerInclusion,
    challengeLeaf,
    commitSessions,
    createActiveContract,
    expectRefusal,
    failCommitment,
    fundWallet,
    readCommitment,
    testKeypair,
    travel,
} from '../../support/index.js';

it('a challenge that was answered fails nothing, however many others are open', async () => {
    const trade = await createActiveContract();
    const provable = await commitSessions(trade);
    const { hot } = trade.contentProvider;
    const answerer = testKeypair('answerer');
    await fundWallet(trade.market, answerer);
    // The content provider's two challenges that cost nothing.
    const answered = await challengeLeaf(provable, hot, 5n, true);
    const other = await challengeLeaf(provable, hot, 6n, true);
    await answerInclusion(provable, answered);
    await answerEvidence(provable, answered, answerer);
    travel(trade.market, 31);
    await expectRefusal(failCommitment(provable, answered), 'settlement', 'ChallengeStateInvalid');
    expect((await readCommitment(trade, provable.commitment)).state).toBe('committed');
    await failCommitment(provable, other);
    expect((await readCommitment(trade, provable.commitment)).state).toBe('failed');
});
