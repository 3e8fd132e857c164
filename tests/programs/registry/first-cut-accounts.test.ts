import {
    decodeConfig,
    decodeNode,
    decodeParticipant,
    fetchNode,
    getDeactivateNodeInstructions,
    getSetNodeRatesInstructions,
    getSetPayoutInstructions,
    getWithdrawUnbondedInstructions,
    listNodes,
    listParticipants,
    PROGRAM_IDS,
} from '@ocm/sdk';
import { PublicKey } from '@solana/web3.js';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    expectRefusal,
    fundWallet,
    ownerBalance,
    readParticipant,
    send,
    startTestCluster,
    type TestCluster,
    type TestMarket,
    testKeypair,
    travel,
} from '../../support/index.js';
import table from '../../vectors/first-cut-accounts.json' with { type: 'json' };

const seller = testKeypair('seller');

describe('accounts of the first cut', () => {
    let market: TestCluster;

    beforeEach(async () => {
        market = await startTestCluster();
        for (const { address, ...account } of table.accounts) {
            const { name: _, ...update } = account;
            const request = { jsonrpc: '2.0', id: 1, method: 'surfnet_setAccount', params: [address, update] };
            expect(await market.cluster.handle(request)).not.toHaveProperty('error');
        }
        await fundWallet(market, seller);
    });

    const find = async () => {
        const [participant] = await listParticipants(market.connection, { owner: seller.publicKey });
        const nodes = await listNodes(market.connection, { participant: participant!.address });
        return { participant: participant!, nodes: nodes.sort((a, b) => a.index - b.index) };
    };

    it('are read: nodes are unicast, nothing is deactivated, nobody is admitted', async () => {
        const { participant, nodes } = await find();
        expect(nodes.map((node) => [node.index, node.class, node.meteredConsent, node.status])).toEqual([
            [0, 'unicast', false, 'active'],
            [1, 'unicast', false, 'active'],
        ]);
        expect(nodes[0]?.committedKilobitsPerSecond).toBe(100_000n);
        expect(participant).toMatchObject({ nodeCount: 2, inactiveNodes: 0, closedNodes: 0, auditorAdmittedAt: 0n });
        expect([participant.activeContracts, participant.unbonding[0]?.amount]).toEqual([1, 5n]);
    });

    it('are used: payout, rates, a node out of the market, stake back', async () => {
        const owner = seller.publicKey;
        const { participant, nodes } = await find();
        const [busy, idle] = nodes.map(({ address }) => address) as [PublicKey, PublicKey];
        const payout = testKeypair('payout').publicKey;
        const rates = { claimEgressKilobitsPerSecond: 100_000n, claimIngressKilobitsPerSecond: 0n };
        await send(
            market,
            [
                ...(await getSetPayoutInstructions({ owner, payout })),
                ...(await getSetNodeRatesInstructions({ owner, node: busy, ...rates })),
                ...(await getDeactivateNodeInstructions({ owner, node: idle })),
            ],
            [seller],
        );
        const stopping = send(market, await getDeactivateNodeInstructions({ owner, node: busy }), [seller]);
        await expectRefusal(stopping, 'registry', 'NodeCommitted');
        expect((await fetchNode(market.connection, idle))?.status).toBe('inactive');
        const after = await readParticipant(market as TestMarket, participant);
        expect([after.payout.toBase58(), after.inactiveNodes]).toEqual([payout.toBase58(), 1]);
        travel(market, 600n);
        const mint = { address: participant.stakeMint, tokenProgram: new PublicKey(TOKEN_PROGRAM) };
        const before = await ownerBalance(market, mint as TestMarket['mint'], owner);
        const out = { owner, stakeMint: participant.stakeMint, slot: 0 };
        await send(market, await getWithdrawUnbondedInstructions(out), [seller]);
        expect(await ownerBalance(market, mint as TestMarket['mint'], owner)).toBe(before + 5n);
    });

    it('of an unknown version are refused by every reader', () => {
        const readers = [decodeConfig, decodeParticipant, decodeNode];
        const ours = table.accounts.filter(({ owner }) => owner === PROGRAM_IDS.registry.toBase58());
        expect(ours.length).toBe(5);
        for (const { data } of ours) {
            const bytes = Uint8Array.from(Buffer.from(data, 'hex'));
            expect(readers.filter((read) => reads(() => read(bytes))).length).toBe(1);
            bytes[8] = 9;
            const codes = readers.map((read) => codeOf(() => read(bytes)));
            expect(codes).toContain('MKT_SDK__ACCOUNT_VERSION');
            expect(codes).not.toContain(undefined);
        }
    });
});

const TOKEN_PROGRAM = table.accounts.find(({ name }) => name === 'mint')!.owner;

function reads(read: () => unknown): boolean {
    return codeOf(read) === undefined;
}

function codeOf(read: () => unknown): string | undefined {
    try {
        read();
        return undefined;
    } catch (error) {
        return (error as { code: string }).code;
    }
}
