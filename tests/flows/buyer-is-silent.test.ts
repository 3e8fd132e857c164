import { describe, expect, it } from 'vitest';
import {
    closeOut,
    commitSessions,
    createActiveContract,
    expectMoney,
    expectRefusal,
    openTradeLedger,
    proveEvidence,
    proveInclusion,
    readCommitment,
    seedCommitment,
    settleDelivery,
    TOKEN_PROGRAMS,
    type TokenProgramName,
    travelTo,
    withdrawPayout,
} from '../support/index.js';

const FUNDING = 10_000_000n;
/** 100 MB of receipted unicast at 5 000 base units per gigabyte; twice that is bound as stake. */
const [GROSS, LOCK] = [500n, 1_000n];

describe.each(Object.keys(TOKEN_PROGRAMS) as TokenProgramName[])('a buyer who says nothing, paying in %s', (name) => {
    it('pays for what was delivered, because the seller proves it', async () => {
        const trade = await createActiveContract({ tokenProgram: TOKEN_PROGRAMS[name], funding: FUNDING });
        const ledger = await openTradeLedger(trade);
        const { market, contract } = trade;
        await expectMoney(ledger, { contentProvider: -FUNDING, escrow: FUNDING });

        // The seller commits three viewers' sessions before it can know which of their bytes will be asked for.
        const committed = await commitSessions(trade);
        expect(committed.commitment).toMatchObject({ state: 'committed', gross: GROSS, lock: LOCK, samples: 2 });

        // A block that did not exist then draws the samples.
        const seeded = await seedCommitment(committed);
        expect(seeded.commitment).toMatchObject({ state: 'seeded', samples: 2 });

        // For each sample anyone shows the leaf that covers it, then the token and the receipt that were signed for it.
        for (const index of [0, 1]) {
            await expectRefusal(settleDelivery(trade, seeded.commitment), 'settlement', 'CommitmentStateInvalid');
            await proveInclusion(seeded, index);
            await proveEvidence(seeded, index);
        }
        expect((await readCommitment(trade, seeded.commitment)).state).toBe('proven');

        // Whoever doubts it has until the challenge window ends.
        const finalAt = seeded.commitment.committedAt + BigInt(contract.challengeWindowSecs);
        travelTo(market, finalAt - 1n);
        await expectRefusal(settleDelivery(trade, seeded.commitment), 'settlement', 'ChallengeWindowOpen');
        travelTo(market, finalAt);
        const { events } = await settleDelivery(trade, seeded.commitment);
        expect(events[0]).toMatchObject({
            name: 'DeliverySettled',
            data: { gross: GROSS, topUp: 0n, penalty: 0n, fee: 10n, net: GROSS, slashed: 0n, unlocked: LOCK },
        });
        // It is owed and not yet paid: the money leaves the escrow when somebody cranks the payee's payout.
        await expectMoney(ledger, { contentProvider: -FUNDING, escrow: FUNDING });
        await withdrawPayout(trade, 0);
        await expectMoney(ledger, { contentProvider: -FUNDING, escrow: FUNDING - 343n, seller: 343n });
        await expectRefusal(withdrawPayout(trade, 0), 'market', 'NothingToPay');

        await closeOut(trade, [seeded.commitment]);
        // Of 490 after the fee of 10: 70 %, 25 % and 5 %, rounded down; what rounding leaves is the treasury's.
        await expectMoney(ledger, {
            contentProvider: -GROSS,
            seller: 343n,
            castOperator: 122n,
            beacons: 24n,
            treasury: 11n,
        });
    });
});
