import { getRearmSeedInstructions, getSeedCommitmentInstructions } from '@ocm/sdk';
import { describe, expect, it } from 'vitest';
import {
    closeOut,
    commitSessions,
    createActiveContract,
    expectMoney,
    expectRefusal,
    expireCommitment,
    failCommitment,
    openTradeLedger,
    proveInclusion,
    readCommitment,
    readContract,
    seedCommitment,
    send,
    TEST_BOND,
    TEST_PARAMS,
    travelTo,
} from '../support/index.js';

const FUNDING = 10_000_000n;
/** Slots whose hash a cluster still knows. */
const KNOWN_SLOTS = 512;

describe('a seller who commits and then falls silent', () => {
    it('loses a quarter of its lock when the proofs are late, and the buyer has its money back', async () => {
        const trade = await createActiveContract({ funding: FUNDING });
        const { market, contract } = trade;
        const ledger = await openTradeLedger(trade);
        // It is 500 that the seller asks for; 1 000 of its bond are locked for it.
        const seeded = await seedCommitment(await commitSessions(trade));
        expect((await readContract(market, contract)).bondFree).toBe(TEST_BOND - 1_000n);
        // One leaf is shown, and then nothing any more.
        await proveInclusion(seeded, 0);

        const dueAt = seeded.commitment.seededAt + BigInt(contract.proveWindowSecs);
        travelTo(market, dueAt);
        await expectRefusal(failCommitment(seeded), 'settlement', 'ProofsNotDue');
        travelTo(market, dueAt + 1n);
        const { events } = await failCommitment(seeded);
        expect(events.at(-1)).toMatchObject({
            name: 'CommitmentFailed',
            data: { reason: 2, gross: 500n, lock: 1_000n, slashed: 250n, bounty: 0n },
        });
        await expectRefusal(failCommitment(seeded), 'settlement', 'ProofsNotDue');

        await closeOut(trade, [seeded.commitment]);
        await expectMoney(ledger, { contentProvider: 125n, treasury: 125n, sellerStake: -250n });
    });
});

describe('a seed that everybody misses', () => {
    it('is armed again three times for more samples, and then the commitment expires unpaid', async () => {
        const trade = await createActiveContract({ funding: FUNDING });
        const { market, contract } = trade;
        const ledger = await openTradeLedger(trade);
        const { commitment } = await commitSessions(trade);
        const { address } = commitment;
        const seed = async () => send(market, await getSeedCommitmentInstructions({ commitment: address }));
        const rearm = async () => send(market, await getRearmSeedInstructions({ contract, commitment: address }));
        const forget = () => market.cluster.advanceSlots(TEST_PARAMS.seedDelaySlots + KNOWN_SLOTS + 1);

        // Whoever waits for a better seed is asked for more with each: two, four, eight, and never more than eight.
        expect(commitment.samples).toBe(2);
        for (const samples of [4, 8, 8]) {
            forget();
            await expectRefusal(seed(), 'settlement', 'SeedMissed');
            await rearm();
            expect(await readCommitment(trade, commitment)).toMatchObject({ state: 'committed', samples });
        }
        forget();
        await expectRefusal(rearm(), 'settlement', 'RearmsExhausted');
        await expectRefusal(seed(), 'settlement', 'SeedMissed');

        // The buyer may still agree until its time is over.
        travelTo(market, commitment.deadline);
        await expectRefusal(expireCommitment(trade, commitment), 'settlement', 'CosignWindowOpen');
        travelTo(market, commitment.deadline + 1n);
        await expireCommitment(trade, commitment);
        expect(await readContract(market, contract)).toMatchObject({ openGross: 0n, bondFree: TEST_BOND });

        await closeOut(trade, [commitment]);
        await expectMoney(ledger, {});
    });
});
