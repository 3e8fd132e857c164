import { findDeliveryCommitmentAddress, getCommitDeliveryInstructions } from '@ocm/sdk';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    commitInput,
    createActiveContract,
    expectRefusal,
    type FundedTrade,
    readCommitment,
    send,
    swapAccount,
    travelToCommit,
} from '../../support/index.js';

/** Anyone can compute where a commitment will lie and send lamports there before it does. */
describe('commit_delivery at an address that has lamports', () => {
    let trade: FundedTrade;

    beforeEach(async () => {
        trade = await createActiveContract();
        travelToCommit(trade);
    });

    const addressOf = (kind: number) =>
        findDeliveryCommitmentAddress({ contract: trade.contract.address, epoch: 0, kind });
    const commit = async () =>
        send(trade.market, await getCommitDeliveryInstructions(commitInput(trade)), [trade.seller.hot]);
    const lamports = async () => (await trade.market.connection.getAccountInfo(addressOf(0)))?.lamports ?? 0;

    it('comes to be as ever, for what is missing to its rent', async () => {
        const { cluster, connection } = trade.market;
        await cluster.airdrop(addressOf(0).toBase58(), 1_000_000n);
        await commit();
        const account = await connection.getAccountInfo(addressOf(0));
        expect(account?.lamports).toBe(await connection.getMinimumBalanceForRentExemption(account?.data.length ?? 0));
        expect(await readCommitment(trade, { address: addressOf(0) })).toMatchObject({
            contract: trade.contract.address,
            gross: 500n,
            state: 'committed',
        });
    });

    it('keeps what lies there beyond its rent', async () => {
        await trade.market.cluster.airdrop(addressOf(0).toBase58(), 1_000_000_000n);
        await commit();
        expect(await lamports()).toBe(1_000_000_000);
        await expectRefusal(commit(), 'system', 'AccountAlreadyInUse');
    });

    it('lies at no other address than its own', async () => {
        const instructions = await getCommitDeliveryInstructions(commitInput(trade));
        const elsewhere = swapAccount(instructions, addressOf(0), addressOf(1));
        await expectRefusal(send(trade.market, elsewhere, [trade.seller.hot]), 'settlement', 'ConstraintSeeds');
    });
});
