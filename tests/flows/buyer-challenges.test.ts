import { describe, expect, it } from 'vitest';
import {
    answerEvidence,
    answerInclusion,
    challengeLeaf,
    closeChallenge,
    closeOut,
    commitSessions,
    createActiveContract,
    expectMoney,
    expectRefusal,
    type FundedTrade,
    failCommitment,
    firstByteOf,
    openTradeLedger,
    type ProvableCommitment,
    proveAll,
    readChallenge,
    seedCommitment,
    settleDelivery,
    TEST_PARAMS,
    testSession,
    travel,
    travelTo,
} from '../support/index.js';

const FUNDING = 10_000_000n;
const BOND = TEST_PARAMS.challengeBond;

/** Two viewers' sessions and one that no viewer signed for: its receipt carries a signature of the seller's making. */
async function commitWithForgery(trade: FundedTrade): Promise<ProvableCommitment> {
    const genuine = [60_000_000n, 30_000_000n].map((bytes, place) => testSession(trade, { name: `${place}`, bytes }));
    const client = trade.seller.hot.secretKey.subarray(0, 32);
    const forged = testSession(trade, { name: 'invented', bytes: 10_000_000n }, { client });
    return commitSessions(trade, { sessions: [...genuine, forged] });
}

describe('a buyer who refuses', () => {
    it('challenges the leaf that no viewer signed for, and the seller who cannot answer loses all of its lock', async () => {
        const trade = await createActiveContract({ funding: FUNDING });
        const { market, contentProvider, seller } = trade;
        const ledger = await openTradeLedger(trade, { buyersHotKey: contentProvider.hot.publicKey });
        const provable = await commitWithForgery(trade);
        expect(provable.commitment).toMatchObject({ gross: 500n, lock: 1_000n });

        // The buyer has read the published leaves and found the one without a viewer. Two challenges cost it no bond.
        const [, , forged] = provable.sessions;
        const target = firstByteOf(provable.tree, forged!.leaf);
        const challenge = await challengeLeaf(provable, contentProvider.hot, target, true);

        // The leaf is in the tree, that much can be shown; a viewer's signature cannot.
        await answerInclusion(provable, challenge);
        await expectRefusal(answerEvidence(provable, challenge, seller.owner), 'settlement', 'ClientKeyWrong');
        await expectRefusal(failCommitment(provable, challenge), 'settlement', 'ResponseNotDue');
        travel(market, TEST_PARAMS.challengeResponseSecs + 1);
        await failCommitment(provable, challenge);
        await expectMoney(ledger, { contentProvider: -FUNDING, sellerStake: -1_000n, escrow: FUNDING + 1_000n });

        // Half of the lock is the buyer's, three tenths are for the challenge, which here is the buyer's too.
        await closeChallenge(trade, challenge);
        await closeOut(trade, [provable.commitment]);
        await expectMoney(ledger, {
            contentProvider: 500n,
            buyersHotKey: 300n,
            treasury: 200n,
            sellerStake: -1_000n,
        });
    });

    it('loses the bond of its third challenge to the seller who can answer all, and owes the delivery all the same', async () => {
        const trade = await createActiveContract({ funding: FUNDING });
        const { market, contentProvider, contract, seller } = trade;
        const ledger = await openTradeLedger(trade);
        const provable = await seedCommitment(await commitSessions(trade));

        // It doubts every leaf. Two challenges are free; the third is not.
        const challenges = [];
        for (const { leaf } of provable.sessions) {
            const target = firstByteOf(provable.tree, leaf);
            challenges.push(await challengeLeaf(provable, contentProvider.owner, target));
        }
        expect(challenges.map(({ bond }) => bond)).toEqual([0n, 0n, BOND]);
        await expectMoney(ledger, { contentProvider: -FUNDING - BOND, escrow: FUNDING + BOND });

        // Both halves of each answer: the leaf, and the two signatures behind it.
        for (const challenge of challenges) {
            await answerInclusion(provable, challenge);
            await answerEvidence(provable, challenge, seller.owner);
            expect((await readChallenge(trade, challenge.address)).state).toBe('answered');
            await closeChallenge(trade, challenge);
        }
        await expectMoney(ledger, { contentProvider: -FUNDING - BOND, seller: BOND, escrow: FUNDING });

        await proveAll(provable);
        travelTo(market, provable.commitment.committedAt + BigInt(contract.challengeWindowSecs));
        await settleDelivery(trade, provable.commitment);
        await closeOut(trade, [provable.commitment]);
        await expectMoney(ledger, {
            contentProvider: -500n - BOND,
            seller: 343n + BOND,
            castOperator: 122n,
            beacons: 24n,
            treasury: 11n,
        });
    });
});
