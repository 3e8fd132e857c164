import { fetchNode, fetchOffer, getTerminateContractInstructions } from '@ocm/sdk';
import { describe, expect, it } from 'vitest';
import {
    bondContract,
    cancelContract,
    closeOut,
    createActiveContract,
    createProposedContract,
    deliverEpoch,
    expectMoney,
    expectRefusal,
    findTestCommitment,
    fundContract,
    openTradeLedger,
    readContract,
    send,
    TEST_BOND,
    type TestTrade,
    travelTo,
} from '../support/index.js';

/** What the node has sold, and what the offer has left. */
const capacity = async ({ market, node, offer }: TestTrade) => [
    (await fetchNode(market.connection, node.address))?.committedKilobitsPerSecond,
    (await fetchOffer(market.connection, offer.address))?.remainingKilobitsPerSecond,
];

describe('a contract that one side wants to leave', () => {
    it('goes on for the notice, is paid to its last epoch, and no further', async () => {
        const trade = await createActiveContract({ funding: 10_000_000n, contract: { epochCount: 60 } });
        const { market, contract, seller } = trade;
        const ledger = await openTradeLedger(trade);
        await deliverEpoch(trade);

        // In the sixth epoch the seller gives the least notice that there is: 24 epochs after the present one.
        travelTo(market, contract.genesisAt + 51n);
        const notice = { authority: seller.owner.publicKey, contract, noticeEpochs: 24 };
        await send(market, await getTerminateContractInstructions(notice), [seller.owner]);
        expect(await readContract(market, contract)).toMatchObject({ state: 'active', epochCount: 30 });

        await deliverEpoch(trade, { epoch: 29 });
        await expectRefusal(deliverEpoch(trade, { epoch: 30 }), 'settlement', 'EpochOutOfRange');
        expect(await capacity(trade)).toEqual([100_000n, 400_000n]);

        await closeOut(trade, [findTestCommitment(contract, 0), findTestCommitment(contract, 29)]);
        expect(await capacity(trade)).toEqual([0n, 500_000n]);
        await expectMoney(ledger, {
            contentProvider: -1_000n,
            seller: 2n * 343n,
            castOperator: 2n * 122n,
            beacons: 2n * 24n,
            treasury: 2n * 11n,
        });
    });
});

describe('a contract that is cancelled before its genesis', () => {
    it.each(['contentProvider', 'seller'] as const)('by its %s gives money, stake and capacity back', async (side) => {
        const proposed = await createProposedContract();
        const { market, contentProvider, seller } = proposed;
        const ledger = await openTradeLedger(proposed);
        expect(await capacity(proposed)).toEqual([100_000n, 400_000n]);

        // One base unit less than makes it active; the seller has bound its stake in good faith.
        const funded = await fundContract(market, contentProvider, proposed.contract, 5_549n);
        const trade = { ...proposed, contract: await bondContract(market, seller, funded) };
        expect(trade.contract).toMatchObject({ state: 'proposed', bondFree: TEST_BOND });
        await expectMoney(ledger, { contentProvider: -5_549n, escrow: 5_549n });

        await expectRefusal(cancelContract(trade, market.deployer), 'market', 'NotContractSide');
        await cancelContract(trade, trade[side].owner);
        await expectRefusal(
            fundContract(market, contentProvider, trade.contract, 1n),
            'market',
            'ContractStateInvalid',
        );

        await closeOut(trade);
        expect(await capacity(trade)).toEqual([0n, 500_000n]);
        await expectMoney(ledger, {});
    });
});
