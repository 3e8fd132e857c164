import { buildInstruction, type Node, type WithAddress } from '@ocm/sdk';
import type { TransactionInstruction } from '@solana/web3.js';
import { beforeEach, describe, it } from 'vitest';
import {
    createTestMarket,
    expectRefusal,
    registerContentProvider,
    registerNode,
    registerSeller,
    send,
    type TestMarket,
    type TestParticipant,
} from '../../support/index.js';

/** Instructions that only another program of the marketplace may call: no wallet's signature opens them. */
describe('what only another program may call', () => {
    let market: TestMarket;
    let seller: TestParticipant;
    let contentProvider: TestParticipant;
    let node: WithAddress<Node>;

    beforeEach(async () => {
        market = await createTestMarket();
        seller = await registerSeller(market);
        contentProvider = await registerContentProvider(market);
        node = await registerNode(market, seller);
    });

    const kilobitsPerSecond = 1n;
    const capacity = (name: 'reserveNodeCapacity' | 'releaseNodeCapacity') => () => {
        const accounts = { marketAuthority: seller.owner.publicKey, node: node.address };
        return buildInstruction('registry', name, accounts, { kilobitsPerSecond, verifiedOnly: false });
    };
    const sides = () => ({
        marketAuthority: seller.owner.publicKey,
        contentProvider: contentProvider.address,
        seller: seller.address,
    });
    const stake = (name: 'lockStake' | 'unlockStake') => () =>
        buildInstruction(
            'registry',
            name,
            { marketAuthority: seller.owner.publicKey, participant: seller.address },
            { amount: 1n },
        );

    const calls: [string, () => TransactionInstruction, string][] = [
        ['reserve_node_capacity', capacity('reserveNodeCapacity'), 'NotMarket'],
        ['release_node_capacity', capacity('releaseNodeCapacity'), 'NotMarket'],
        ['begin_contract', () => buildInstruction('registry', 'beginContract', sides(), { nonce: 0n }), 'NotMarket'],
        ['end_contract', () => buildInstruction('registry', 'endContract', sides(), {}), 'NotMarket'],
        ['lock_stake', stake('lockStake'), 'NotMarket'],
        ['unlock_stake', stake('unlockStake'), 'NotMarket'],
    ];
    it.each(calls)('%s refuses a wallet', async (_name, build, error) => {
        await expectRefusal(send(market, [build()], [seller.owner]), 'registry', error);
    });
});
