import { buildInstruction, findTokenAccountAddress, getCommitDeliveryInstructions } from '@ocm/sdk';
import type { TransactionInstruction } from '@solana/web3.js';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    commitDelivery,
    commitInput,
    commitTree,
    corruptField,
    cosignDelivery,
    createActiveContract,
    expectRefusal,
    type FundedTrade,
    readContract,
    send,
    settleDelivery,
    testKeypair,
    travelToCommit,
    u32Bytes,
    u64Bytes,
    withdrawPayout,
} from '../../support/index.js';

const stranger = testKeypair('stranger');

describe('what only the settlement program may call', () => {
    let trade: FundedTrade;

    beforeEach(async () => {
        trade = await createActiveContract();
        await trade.market.cluster.airdrop(stranger.publicKey.toBase58(), 1_000_000_000n);
    });

    const accounts = () => ({
        settlementAuthority: stranger.publicKey,
        contract: trade.contract.address,
        vault: trade.contract.vault,
    });
    const settlement = {
        commitment: stranger.publicKey,
        epoch: 0,
        kind: 0,
        root: new Uint8Array(32),
        totalBytes: 0n,
        gross: 0n,
        lock: 0n,
        adoptsLock: false,
        penaltyBasisPoints: 0,
        isSevere: false,
        topUpEligible: true,
    };
    const payout = () => {
        const { mint, tokenProgram } = trade.contract;
        const payee = trade.seller.owner.publicKey;
        const payeeTokenAccount = findTokenAccountAddress({ owner: payee, mint, tokenProgram });
        return { ...accounts(), mint, payee, payeeTokenAccount, tokenProgram };
    };
    const calls: [string, () => TransactionInstruction][] = [
        [
            'record_commitment',
            () =>
                buildInstruction('market', 'recordCommitment', accounts(), { args: { epoch: 0, kind: 0, bytes: 1n } }),
        ],
        ['record_settlement', () => buildInstruction('market', 'recordSettlement', accounts(), { args: settlement })],
        [
            'record_void',
            () =>
                buildInstruction('market', 'recordVoid', accounts(), {
                    args: { gross: 0n, lock: 0n, adoptsLock: false },
                }),
        ],
        ['release_payout', () => buildInstruction('market', 'releasePayout', payout(), { index: 0 })],
    ];
    it.each(calls)('%s refuses a wallet', async (_name, build) => {
        await expectRefusal(send(trade.market, [build()], [stranger]), 'market', 'NotSettlement');
    });
});

describe('the market on behalf of the settlement', () => {
    let trade: FundedTrade;

    beforeEach(async () => {
        trade = await createActiveContract({ funding: 5_600n });
    });

    const corrupt = (field: string, bytes: Uint8Array) =>
        corruptField(trade.market, {
            program: 'market',
            account: 'Contract',
            address: trade.contract.address,
            field,
            bytes,
        });

    it('names a contract underfunded when open gross eats into its reserve', async () => {
        travelToCommit(trade);
        const instructions = await getCommitDeliveryInstructions(commitInput(trade));
        await send(trade.market, instructions, [trade.seller.hot]);
        // 5,600 in the vault, needed are three epochs of 1,850 and the 500 that are open now.
        expect((await readContract(trade.market, trade.contract)).state).toBe('underfunded');
    });

    it('pays no more for a delivery than the vault can spare', async () => {
        await corrupt('owed', u64Bytes(5_350n));
        const commitment = await commitDelivery(trade);
        expect(commitment.gross).toBe(250n);
    });

    it('refuses a commitment when the contract has ended', async () => {
        await corrupt('state', Uint8Array.of(4));
        await expectRefusal(commitDelivery(trade), 'market', 'ContractStateInvalid');
    });

    it('refuses to close more gross than is open', async () => {
        const commitment = await commitDelivery(trade);
        await cosignDelivery(trade, commitment);
        await corrupt('openGross', u64Bytes(499n));
        await expectRefusal(settleDelivery(trade, commitment), 'market', 'OpenGrossTooSmall');
    });

    it('refuses a settlement that the history cannot hold', async () => {
        const commitment = await commitDelivery(trade);
        await cosignDelivery(trade, commitment);
        await corrupt('historySize', u64Bytes(65_535n));
        await corrupt('settledCommitments', u32Bytes(65_535));
        await expectRefusal(settleDelivery(trade, commitment), 'market', 'HistoryFull');
    });

    it('refuses a payout when nothing is owed', async () => {
        await expectRefusal(withdrawPayout(trade, 0), 'market', 'NothingToPay');
    });

    it('tops a co-signed delivery up to the minimum commit of its epoch', async () => {
        const commitment = await commitDelivery(trade, commitTree([10_000_000n]));
        await cosignDelivery(trade, commitment);
        const { events } = await settleDelivery(trade, commitment);
        expect(events.find(({ name }) => name === 'DeliverySettled')?.data).toMatchObject({
            gross: 50n,
            topUp: 50n,
            penalty: 0n,
            net: 100n,
            historySize: 1n,
        });
        const { openGross, owed } = await readContract(trade.market, trade.contract);
        expect([openGross, owed.reduce((sum, part) => sum + part)]).toEqual([0n, 100n]);
    });
});
