import { findParticipantAddress, findRewardPoolAddress, getCreateRewardPoolInstructions } from '@ocm/sdk';
import { describe, expect, it } from 'vitest';
import {
    claimReward,
    createActiveContract,
    deliverEpoch,
    fundWallet,
    mintTokens,
    ownerBalance,
    putInForce,
    readPool,
    rewardMember,
    rewardTree,
    send,
    testKeypair,
    tokenBalance,
    withdrawPayout,
} from '../support/index.js';

describe('the share of BEACONs in a contract', () => {
    it('reaches the pool by withdraw_payout and each BEACON by claim_reward', async () => {
        const creator = findParticipantAddress({ owner: testKeypair('seller').publicKey });
        const payee = findRewardPoolAddress({ creator, id: 0n });
        const splits = [
            { payee: testKeypair('seller').publicKey, basisPoints: 9_000 },
            { payee, basisPoints: 1_000 },
        ];
        const trade = await createActiveContract({ offer: { splits } });
        const { market, seller } = trade;
        const aggregator = testKeypair('aggregator');
        await fundWallet(market, aggregator);
        await mintTokens(market, { mint: market.mint, owner: aggregator.publicKey, amount: 10n });
        // 10 % of 500 less the fee of 10. The payout comes first: the vault stands before its pool does.
        const contract = await deliverEpoch(trade);
        await withdrawPayout({ ...trade, contract }, 1);
        const { address: mint, tokenProgram } = market.mint;
        const create = await getCreateRewardPoolInstructions({
            owner: seller.owner.publicKey,
            id: 0n,
            mint,
            tokenProgram,
            aggregator: aggregator.publicKey,
            bond: 10n,
            delaySecs: 60n,
        });
        await send(market, create, [seller.owner]);
        const pool = await readPool(market, payee);
        expect(await tokenBalance(market, pool.vault)).toBe(49n);
        const test = { market, creator: seller, aggregator, pool };
        const tree = rewardTree([19n, 30n]);
        await putInForce(test, tree);
        for (const index of [0, 1]) await claimReward(test, tree.prove(index));
        expect(await ownerBalance(market, market.mint, rewardMember(0))).toBe(19n);
        expect(await ownerBalance(market, market.mint, rewardMember(1))).toBe(30n);
        expect(await tokenBalance(market, pool.vault)).toBe(0n);
    });
});
