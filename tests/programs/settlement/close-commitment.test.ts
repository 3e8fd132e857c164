import { getCloseCommitmentInstructions, getCommitDeliveryInstructions } from '@ocm/sdk';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    commitDelivery,
    commitInput,
    cosignDelivery,
    createActiveContract,
    expectRefusal,
    type FundedTrade,
    send,
    settleDelivery,
    swapAccount,
    testKeypair,
    travelTo,
} from '../../support/index.js';

describe('close_commitment', () => {
    let trade: FundedTrade;
    let commitment: Awaited<ReturnType<typeof commitDelivery>>;

    beforeEach(async () => {
        trade = await createActiveContract();
        commitment = await commitDelivery(trade);
    });

    const settle = async () => {
        await cosignDelivery(trade, commitment);
        await settleDelivery(trade, commitment);
    };
    const build = () => getCloseCommitmentInstructions({ commitment });
    const close = async () => send(trade.market, await build());

    it('returns the whole rent after the commit window, so that no epoch is ever committed twice', async () => {
        await settle();
        travelTo(trade.market, commitment.closableAt);
        await expectRefusal(close(), 'settlement', 'CommitWindowOpen');
        travelTo(trade.market, commitment.closableAt + 1n);
        const { connection } = trade.market;
        const rent = await connection.getBalance(commitment.address);
        const before = await connection.getBalance(commitment.rentPayer);
        const { events, computeUnits } = await close();
        expect((await connection.getBalance(commitment.rentPayer)) - before).toBe(rent);
        expect(await connection.getAccountInfo(commitment.address)).toBeNull();
        expect(events).toEqual([
            {
                program: 'settlement',
                name: 'CommitmentClosed',
                data: {
                    commitment: commitment.address,
                    contract: trade.contract.address,
                    rentPayer: trade.seller.hot.publicKey,
                },
            },
        ]);
        console.info(`close_commitment: ${computeUnits} compute units`);
        const again = await getCommitDeliveryInstructions(commitInput(trade));
        await expectRefusal(send(trade.market, again, [trade.seller.hot]), 'settlement', 'CommitTooLate');
    });

    it('refuses a commitment that is still open', async () => {
        travelTo(trade.market, commitment.closableAt + 1n);
        await expectRefusal(close(), 'settlement', 'CommitmentStateInvalid');
        await cosignDelivery(trade, commitment);
        await expectRefusal(close(), 'settlement', 'CommitmentStateInvalid');
    });

    it('refuses another receiver of the rent', async () => {
        await settle();
        travelTo(trade.market, commitment.closableAt + 1n);
        const thief = swapAccount(await build(), commitment.rentPayer, testKeypair('thief').publicKey);
        await expectRefusal(send(trade.market, thief), 'settlement', 'WrongRentPayer');
    });
});
