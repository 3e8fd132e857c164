import { getWithdrawExcessInstructions } from '@ocm/sdk';
import { describe, expect, it } from 'vitest';
import {
    closeOut,
    commitTree,
    createActiveContract,
    deliverEpoch,
    expectMoney,
    expectRefusal,
    findTestCommitment,
    fundContract,
    openTradeLedger,
    readCommitment,
    readContract,
    send,
} from '../support/index.js';

/** An epoch at the cap of 200 Mbit/s in multicast, the dearest kind: 250 MB at 7 000 base units per gigabyte. */
const EPOCH = { kind: 2, ...commitTree([250_000_000n]) } as const;
const EPOCH_GROSS = 1_750n;
/** What three such epochs and their minimum commits can come to: the least that makes a contract active. */
const PREFUND = 5_550n;

describe('a contract whose escrow runs dry', () => {
    it('pays what there is, and in full again after a top-up', async () => {
        const trade = await createActiveContract({ funding: PREFUND, contract: { epochCount: 6 } });
        const { market, contentProvider } = trade;
        const ledger = await openTradeLedger(trade);
        const commitmentOf = (epoch: number) => findTestCommitment(trade.contract, epoch, 2);
        const grossOf = async (epoch: number) => (await readCommitment(trade, commitmentOf(epoch))).gross;
        const state = async () => (await readContract(market, trade.contract)).state;

        // Active at first. The first epoch at the cap eats into the reserve, and everybody can see it.
        expect(await state()).toBe('active');
        for (const epoch of [0, 1, 2]) {
            await deliverEpoch(trade, { ...EPOCH, epoch });
            expect(await grossOf(epoch)).toBe(EPOCH_GROSS);
            expect(await state()).toBe('underfunded');
        }
        const excess = { contentProviderOwner: contentProvider.owner.publicKey, contract: trade.contract, amount: 1n };
        const withdrawal = await getWithdrawExcessInstructions(excess);
        await expectRefusal(send(market, withdrawal, [contentProvider.owner]), 'market', 'ExcessTooSmall');

        // Whoever serves beyond the escrow does it at its own risk: of 1 750 the vault can spare 300.
        await deliverEpoch(trade, { ...EPOCH, epoch: 3 });
        expect(await grossOf(3)).toBe(PREFUND - 3n * EPOCH_GROSS);
        expect(await state()).toBe('underfunded');

        // What the buyer brings later pays for later epochs, not for the clipped one.
        await fundContract(market, contentProvider, trade.contract, 6_000n);
        expect(await state()).toBe('active');
        await deliverEpoch(trade, { ...EPOCH, epoch: 4 });
        expect([await grossOf(3), await grossOf(4)]).toEqual([300n, EPOCH_GROSS]);

        await closeOut(trade, [0, 1, 2, 3, 4].map(commitmentOf));
        // Four times 1 750 (fee 35; 1 200, 428, 85 and dust of 2) and once 300 (fee 6; 205, 73, 14 and dust of 2).
        await expectMoney(ledger, {
            contentProvider: -7_300n,
            seller: 4n * 1_200n + 205n,
            castOperator: 4n * 428n + 73n,
            beacons: 4n * 85n + 14n,
            treasury: 4n * 37n + 8n,
        });
    });
});
