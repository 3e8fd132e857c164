import { buildInstruction, getCloseContractInstructions } from '@ocm/sdk';
import type { PublicKey } from '@solana/web3.js';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    challengeLeaf,
    closeChallenge,
    commitSessions,
    cosignDelivery,
    createActiveContract,
    expectRefusal,
    type FundedTrade,
    fundWallet,
    mintTokens,
    type ProvableCommitment,
    readChallenge,
    readCommitment,
    refund,
    releaseBond,
    runOut,
    send,
    settleDelivery,
    testKeypair,
    withdrawPayout,
} from '../../support/index.js';

const challenger = testKeypair('challenger');

describe('close_unpaid_challenge', () => {
    let trade: FundedTrade;
    let provable: ProvableCommitment;

    beforeEach(async () => {
        trade = await createActiveContract();
        provable = await commitSessions(trade);
    });

    const challengeFree = (target: bigint) => challengeLeaf(provable, trade.contentProvider.hot, target, true);
    const settle = async () => {
        await cosignDelivery(trade, provable.commitment);
        await settleDelivery(trade, provable.commitment);
    };
    /** Past the SDK, which chooses the instruction by what the challenge pays. */
    const close = (accounts: { challenge: PublicKey; commitment: PublicKey | null; rentPayer: PublicKey }) =>
        send(trade.market, [buildInstruction('settlement', 'closeUnpaidChallenge', accounts, {})]);

    it('returns the rent of free challenges after their contract is closed', async () => {
        const { market, contract } = trade;
        const challenges = [await challengeFree(1n), await challengeFree(2n)];
        await settle();
        await runOut(trade);
        for (const payee of [0, 1, 2, 8]) await withdrawPayout(trade, payee);
        await refund(trade);
        await releaseBond(trade);
        await send(market, await getCloseContractInstructions({ contract }));
        expect(await market.connection.getAccountInfo(contract.address)).toBeNull();

        const payer = trade.contentProvider.hot.publicKey;
        for (const challenge of challenges) {
            const rent = await market.connection.getBalance(challenge.address);
            const before = await market.connection.getBalance(payer);
            const { events } = await closeChallenge(trade, challenge);
            expect(events).toEqual([
                {
                    program: 'settlement',
                    name: 'ChallengeClosed',
                    data: {
                        challenge: challenge.address,
                        commitment: provable.commitment.address,
                        state: 'open',
                        beneficiary: payer,
                        payout: 0n,
                    },
                },
            ]);
            expect((await market.connection.getBalance(payer)) - before).toBe(rent);
        }
        expect((await readCommitment(trade, provable.commitment)).openChallenges).toBe(0);
    });

    it('refuses a challenge that may still be answered, with its commitment or without', async () => {
        const { address: challenge, rentPayer } = await challengeFree(1n);
        const commitment = provable.commitment.address;
        await expectRefusal(close({ challenge, commitment, rentPayer }), 'settlement', 'ChallengeNotOver');
        await settle();
        await expectRefusal(close({ challenge, commitment: null, rentPayer }), 'settlement', 'ChallengeNotOver');
        await close({ challenge, commitment, rentPayer });
    });

    it('refuses another commitment and another receiver of the rent', async () => {
        const { address: challenge, rentPayer } = await challengeFree(1n);
        const elsewhere = await commitSessions(trade, { overrides: { kind: 2 } });
        await settle();
        const commitment = elsewhere.commitment.address;
        await expectRefusal(close({ challenge, commitment, rentPayer }), 'settlement', 'WrongCommitment');
        const thief = { challenge, commitment: provable.commitment.address, rentPayer: challenger.publicKey };
        await expectRefusal(close(thief), 'settlement', 'WrongRentPayer');
    });

    it('leaves the challenges that pay to the instruction that pays', async () => {
        const { market } = trade;
        await fundWallet(market, challenger);
        await mintTokens(market, { mint: market.mint, owner: challenger.publicKey, amount: 1_000_000n });
        const { address, rentPayer } = await challengeLeaf(provable, challenger, 5n);
        await settle();
        const accounts = { challenge: address, commitment: provable.commitment.address, rentPayer };
        await expectRefusal(close(accounts), 'settlement', 'ChallengePays');
        expect((await readChallenge(trade, address)).payout).toBe(1_000_000n);
    });
});
