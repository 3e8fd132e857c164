import type { SimulatedCluster } from '@ocm/cluster';
import {
    findLotAddress,
    getCreateLotInstructions,
    getCreateRewardPoolInstructions,
    getOpenPriceHistoryInstructions,
    getSetPayoutInstructions,
} from '@ocm/sdk';
import {
    challengeLeaf,
    commitDelivery,
    commitSessions,
    cosignDelivery,
    createActiveContract,
    createTestBoard,
    deliverEpoch,
    type FundedTrade,
    firstByteOf,
    lotInput,
    propose,
    readLot,
    registerAuditor,
    send,
    testKeypair,
    vote,
    withdrawPayout,
} from '../support/index.js';

/** A contract with one settled epoch, one co-signed and one challenged; a board that votes, a lot, a reward pool. */
export async function layOutMarket(): Promise<FundedTrade> {
    const trade = await createActiveContract();
    const { market, contentProvider, seller } = trade;
    await registerAuditor(market);
    await deliverEpoch(trade);
    await withdrawPayout(trade, 0);
    await cosignDelivery(trade, await commitDelivery(trade, { epoch: 1 }));
    const provable = await commitSessions(trade, { overrides: { epoch: 2 } });
    const target = firstByteOf(provable.tree, provable.sessions[0]!.leaf);
    await challengeLeaf(provable, contentProvider.hot, target, true);
    await openAuction(trade);
    const board = await createTestBoard(market);
    const payout = await getSetPayoutInstructions({ owner: board.vault, payout: board.vault });
    const proposal = await propose(market, board, payout);
    await vote(market, board, { proposal, member: board.members[0], ballot: 'for' });
    const pool = {
        owner: seller.owner.publicKey,
        id: 7n,
        mint: market.mint.address,
        tokenProgram: market.mint.tokenProgram,
        aggregator: testKeypair('aggregator').publicKey,
        bond: 1_000n,
        delaySecs: 86_400n,
    };
    await send(market, await getCreateRewardPoolInstructions(pool), [seller.owner]);
    return trade;
}

async function openAuction({ market, contentProvider }: FundedTrade): Promise<void> {
    const input = lotInput(market, contentProvider);
    await send(market, await getCreateLotInstructions(input), [contentProvider.owner]);
    const address = findLotAddress({ contentProvider: contentProvider.address, nonce: input.nonce });
    const lot = await readLot(market, { address });
    const open = await getOpenPriceHistoryInstructions({ payer: market.deployer.publicKey, ...lot });
    await send(market, open, [market.deployer]);
}

/** Transactions that name the registry: the seller's payout key, set to and fro. */
export async function makeNoise({ market, seller }: FundedTrade, count: number): Promise<void> {
    const { owner, hot } = seller;
    for (let round = 0; round < count; round += 1) {
        const payout = round % 2 === 0 ? hot.publicKey : owner.publicKey;
        await send(market, await getSetPayoutInstructions({ owner: owner.publicKey, payout }), [owner]);
    }
}

/** The market's cluster on a socket. */
export async function serveMarket({ market }: FundedTrade): Promise<{ rpcUrl: string; wsUrl: string }> {
    return (market.cluster as SimulatedCluster).listen({ host: '127.0.0.1', port: 0 });
}
