import { fetchNode, fetchOffer, getSeedCommitmentInstructions } from '@ocm/sdk';
import { describe, expect, it } from 'vitest';
import {
    closeOut,
    commitDelivery,
    commitTree,
    cosignDelivery,
    createActiveContract,
    endOf,
    expectMoney,
    expectRefusal,
    expireCommitment,
    openTradeLedger,
    readContract,
    send,
    settleDelivery,
    TEST_BOND,
    TEST_PARAMS,
    travelTo,
} from '../support/index.js';

const FUNDING = 10_000_000n;

describe('traffic without receipts', () => {
    it('is worth nothing until the buyer signs for it, and does not hold up what has receipts', async () => {
        const trade = await createActiveContract({ funding: FUNDING });
        const { market } = trade;
        const ledger = await openTradeLedger(trade);
        // In one epoch 100 MB with receipts, and as much to players that cannot sign; no stake answers for the latter.
        const receipted = await commitDelivery(trade);
        const unsigned = await commitDelivery(trade, { kind: 1, ...commitTree([100_000_000n]) });
        expect(unsigned).toMatchObject({ gross: 600n, lock: 0n, samples: 0 });
        await cosignDelivery(trade, receipted);
        await settleDelivery(trade, receipted);

        const seed = await getSeedCommitmentInstructions({ commitment: unsigned.address });
        await expectRefusal(send(market, seed), 'settlement', 'KindNotSampled');
        await expectRefusal(settleDelivery(trade, unsigned), 'settlement', 'CommitmentStateInvalid');
        travelTo(market, unsigned.deadline + 1n);
        await expectRefusal(cosignDelivery(trade, unsigned), 'settlement', 'CosignTooLate');
        await expireCommitment(trade, unsigned);

        await closeOut(trade, [receipted, unsigned]);
        await expectMoney(ledger, {
            contentProvider: -500n,
            seller: 343n,
            castOperator: 122n,
            beacons: 24n,
            treasury: 11n,
        });
    });
});

describe('a seller who never commits', () => {
    it('is paid nothing, not even the minimum, and everybody has back what was bound', async () => {
        const trade = await createActiveContract({ funding: FUNDING });
        const { market, node, offer } = trade;
        const ledger = await openTradeLedger(trade);
        const sold = async () => [
            (await fetchNode(market.connection, node.address))?.committedKilobitsPerSecond,
            (await fetchOffer(market.connection, offer.address))?.remainingKilobitsPerSecond,
        ];
        expect(await sold()).toEqual([100_000n, 400_000n]);

        // The last epoch's window passes; from then on it is too late for all of them.
        travelTo(market, endOf(trade) + BigInt(TEST_PARAMS.commitDelaySecs + TEST_PARAMS.commitWindowSecs) + 1n);
        for (const epoch of [0, 1, 2]) {
            await expectRefusal(commitDelivery(trade, { epoch }), 'settlement', 'CommitTooLate');
        }
        expect(await readContract(market, trade.contract)).toMatchObject({
            state: 'active',
            openGross: 0n,
            bondFree: TEST_BOND,
            paidTotal: 0n,
        });

        await closeOut(trade);
        expect(await sold()).toEqual([0n, 500_000n]);
        await expectMoney(ledger, {});
    });
});
