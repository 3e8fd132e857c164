import { describe, expect, it } from 'vitest';
import {
    challengeLeaf,
    closeChallenge,
    closeOut,
    commitSessions,
    cosignDelivery,
    createActiveContract,
    expectMoney,
    expectRefusal,
    fundWallet,
    mintTokens,
    openTradeLedger,
    proveInclusion,
    readCommitment,
    seedCommitment,
    settleDelivery,
    TEST_PARAMS,
    testKeypair,
    testSession,
} from '../support/index.js';

const FUNDING = 10_000_000n;
const BOND = TEST_PARAMS.challengeBond;

describe('a buyer who co-signs', () => {
    it('ends the proving at once, and a doubter gets its bond back', async () => {
        const trade = await createActiveContract({ funding: FUNDING });
        const { market } = trade;
        const doubter = testKeypair('doubter');
        await fundWallet(market, doubter);
        await mintTokens(market, { mint: market.mint, owner: doubter.publicKey, amount: BOND });
        const ledger = await openTradeLedger(trade, { doubter: doubter.publicKey });

        // The seller has begun to prove, and somebody doubts a byte, when the buyer agrees with every figure.
        const seeded = await seedCommitment(await commitSessions(trade));
        await proveInclusion(seeded, 0);
        const challenge = await challengeLeaf(seeded, doubter, 99_999_999n);
        await expectMoney(ledger, { contentProvider: -FUNDING, doubter: -BOND, escrow: FUNDING + BOND });
        await cosignDelivery(trade, seeded.commitment);
        expect(await readCommitment(trade, seeded.commitment)).toMatchObject({
            state: 'cosignedFinal',
            slaSource: 'cosigned',
        });

        // There is nothing more to prove, nor to doubt, nor to wait for.
        await expectRefusal(proveInclusion(seeded, 1), 'settlement', 'CommitmentStateInvalid');
        await expectRefusal(challengeLeaf(seeded, doubter, 1n), 'settlement', 'CommitmentStateInvalid');
        await settleDelivery(trade, seeded.commitment);
        await closeChallenge(trade, challenge);
        await expectMoney(ledger, { contentProvider: -FUNDING, escrow: FUNDING });

        await closeOut(trade, [seeded.commitment]);
        await expectMoney(ledger, {
            contentProvider: -500n,
            seller: 343n,
            castOperator: 122n,
            beacons: 24n,
            treasury: 11n,
        });
    });

    it('owes the minimum commit where little was asked for, as the service stood ready', async () => {
        const trade = await createActiveContract({ funding: FUNDING });
        const ledger = await openTradeLedger(trade);
        // 10 MB are worth 50; the contract's minimum for an epoch is 100.
        const sessions = [testSession(trade, { name: 'the only viewer', bytes: 10_000_000n })];
        const { commitment } = await commitSessions(trade, { sessions });
        await cosignDelivery(trade, commitment);
        const { events } = await settleDelivery(trade, commitment);
        expect(events[0]?.data).toMatchObject({ gross: 50n, topUp: 50n, fee: 2n, net: 100n });

        await closeOut(trade, [commitment]);
        // Of 98 after the fee: 68.6, 24.5 and 4.9, rounded down.
        await expectMoney(ledger, {
            contentProvider: -100n,
            seller: 68n,
            castOperator: 24n,
            beacons: 4n,
            treasury: 4n,
        });
    });
});
