import {
    fetchClaims,
    fetchNode,
    getAcceptOfferInstructions,
    getBeginClosingInstructions,
    getCancelContractInstructions,
} from '@ocm/sdk';
import { describe, expect, it } from 'vitest';
import {
    acceptInput,
    acceptOffer,
    claimCapacity,
    corruptField,
    createProposedContract,
    createTestOffer,
    expectRefusal,
    nowSecs,
    postOffer,
    readParticipant,
    registerSeller,
    send,
    type TestTrade,
    travelTo,
    u32Bytes,
    u64Bytes,
    verifyEgress,
} from '../../support/index.js';

type Trade = TestTrade;

/** What the registry refuses although a program of the marketplace asks for it: reached through offers and contracts. */
describe('begin_contract and reserve_node_capacity', () => {
    const accept = async (trade: Trade, overrides: Parameters<typeof acceptInput>[3] = {}) => {
        const { market, contentProvider, offer } = trade;
        const input = await acceptInput(market, contentProvider, offer, overrides);
        return send(market, await getAcceptOfferInstructions(input), [contentProvider.owner]);
    };
    const corruptParticipant = (
        { market }: Trade,
        address: Trade['node']['address'],
        field: string,
        bytes: Uint8Array,
    ) => corruptField(market, { program: 'registry', account: 'Participant', address, field, bytes });

    it('bind capacity, count the contract on both sides and use its nonce up', async () => {
        const trade = await createTestOffer();
        const { events } = await accept(trade, { nonce: 41n });
        const node = await fetchNode(trade.market.connection, trade.node.address);
        expect(node?.committedKilobitsPerSecond).toBe(100_000n);
        const buyer = await readParticipant(trade.market, trade.contentProvider);
        expect([buyer.activeContracts, buyer.nextContractNonce]).toEqual([1, 42n]);
        expect((await readParticipant(trade.market, trade.seller)).activeContracts).toBe(1);
        expect(events.slice(0, 2)).toEqual([
            {
                program: 'registry',
                name: 'ContractBegun',
                data: { contentProvider: trade.contentProvider.address, seller: trade.seller.address, nonce: 41n },
            },
            {
                program: 'registry',
                name: 'NodeCapacityReserved',
                data: {
                    node: trade.node.address,
                    kilobitsPerSecond: 100_000n,
                    committedBefore: 0n,
                    committedAfter: 100_000n,
                },
            },
        ]);
    });

    it('refuse a nonce below one that was used', async () => {
        const trade = await createTestOffer();
        await accept(trade, { nonce: 5n });
        await expectRefusal(accept(trade, { nonce: 4n }), 'registry', 'NonceNotIncreasing');
    });

    it('refuse a buyer that is a seller', async () => {
        const trade = await createTestOffer();
        const buyer = await registerSeller(trade.market, { name: 'other seller' });
        await expectRefusal(accept({ ...trade, contentProvider: buyer }), 'registry', 'NotContentProvider');
    });

    it('refuse a seller that is none', async () => {
        const trade = await createTestOffer();
        await corruptParticipant(trade, trade.seller.address, 'kind', Uint8Array.of(0));
        await expectRefusal(accept(trade), 'registry', 'NotSeller');
    });

    it.each(['seller', 'contentProvider'] as const)('refuse a %s that is jailed', async (side) => {
        const trade = await createTestOffer();
        await corruptParticipant(trade, trade[side].address, 'status', Uint8Array.of(1));
        await expectRefusal(accept(trade), 'registry', 'ParticipantNotActive');
    });

    it('refuse a node that is not active', async () => {
        const trade = await createTestOffer();
        const { market, node } = trade;
        const inactive = { field: 'status', bytes: Uint8Array.of(1) };
        await corruptField(market, { program: 'registry', account: 'Node', address: node.address, ...inactive });
        await expectRefusal(accept(trade), 'registry', 'NodeNotActive');
    });

    it('refuse more than the node claims, however many claims promise it', async () => {
        const trade = await createTestOffer();
        const { market, seller, node, contentProvider } = trade;
        for (const index of [1, 2]) {
            const claim = await claimCapacity(market, { seller, node, index });
            const offer = await postOffer(market, seller, { claims: [claim.address], index });
            const rates = { committedKilobitsPerSecond: 400_000n, capKilobitsPerSecond: 400_000n };
            await acceptOffer(market, contentProvider, offer, rates);
        }
        const committedKilobitsPerSecond = 200_001n;
        const capKilobitsPerSecond = committedKilobitsPerSecond;
        const over = accept(trade, { committedKilobitsPerSecond, capKilobitsPerSecond });
        await expectRefusal(over, 'registry', 'NodeOvercommitted');
        await accept(trade, { committedKilobitsPerSecond: 200_000n });
    });

    it('refuse what no unexpired bandwidth proof covers, when a buyer asks for verified capacity', async () => {
        const trade = await createTestOffer();
        const { market, node } = trade;
        await expectRefusal(accept(trade, { verifiedOnly: true }), 'registry', 'VerifiedRateExceeded');
        await verifyEgress(market, node.address, { kilobitsPerSecond: 150_000n, expiresAt: nowSecs(market) + 60n });
        // 100,000 of the 150,000 that were measured are gone, whether or not their buyer asked for the proof.
        await accept(trade);
        const rates = (rate: bigint) => ({ committedKilobitsPerSecond: rate, capKilobitsPerSecond: rate });
        const wanted = { verifiedOnly: true, ...rates(50_001n) };
        await expectRefusal(accept(trade, wanted), 'registry', 'VerifiedRateExceeded');
        await accept(trade, { verifiedOnly: true, ...rates(50_000n) });
        await accept(trade, rates(1_000n));
        travelTo(market, nowSecs(market) + 60n);
        await expectRefusal(
            accept(trade, { verifiedOnly: true, ...rates(1_000n) }),
            'registry',
            'VerifiedRateExceeded',
        );
    });

    it('refuse it too when it is the offer that sells verified capacity only', async () => {
        const trade = await createTestOffer({ offer: { verifiedOnly: true } });
        await expectRefusal(accept(trade), 'registry', 'VerifiedRateExceeded');
        const expiresAt = nowSecs(trade.market) + 60n;
        await verifyEgress(trade.market, trade.node.address, { kilobitsPerSecond: 100_000n, expiresAt });
        const { events } = await accept(trade);
        const proposed = events.find(({ name }) => name === 'ContractProposed');
        expect(proposed?.data).toMatchObject({ verifiedOnly: true, committedKilobitsPerSecond: 100_000n });
    });

    it('refuse to count beyond what a counter holds', async () => {
        const trade = await createTestOffer();
        await corruptParticipant(trade, trade.seller.address, 'activeContracts', u32Bytes(0xffff_ffff));
        await expectRefusal(accept(trade), 'registry', 'CounterOutOfRange');
    });

    it('refuse to go on from an account that breaks an invariant', async () => {
        const trade = await createTestOffer();
        await corruptParticipant(trade, trade.seller.address, 'hotScope', Uint8Array.of(0xff, 0xff));
        await expectRefusal(accept(trade), 'registry', 'InvariantBroken');
    });
});

describe('end_contract and release_node_capacity', () => {
    const cancel = async ({
        market,
        contract,
        contentProvider,
    }: Awaited<ReturnType<typeof createProposedContract>>) => {
        const authority = contentProvider.owner;
        const claims = await fetchClaims(market.connection, contract.claims);
        const input = { authority: authority.publicKey, contract, claims };
        return send(market, await getCancelContractInstructions(input), [authority]);
    };

    it('free capacity and end the counting', async () => {
        const trade = await createProposedContract();
        const { events } = await cancel(trade);
        const node = await fetchNode(trade.market.connection, trade.node.address);
        expect(node?.committedKilobitsPerSecond).toBe(0n);
        expect((await readParticipant(trade.market, trade.contentProvider)).activeContracts).toBe(0);
        expect((await readParticipant(trade.market, trade.seller)).activeContracts).toBe(0);
        expect(events.filter(({ program }) => program === 'registry')).toEqual([
            {
                program: 'registry',
                name: 'ContractEnded',
                data: { contentProvider: trade.contentProvider.address, seller: trade.seller.address },
            },
            {
                program: 'registry',
                name: 'NodeCapacityReleased',
                data: {
                    node: trade.node.address,
                    kilobitsPerSecond: 100_000n,
                    committedBefore: 100_000n,
                    committedAfter: 0n,
                },
            },
        ]);
    });

    it('refuse to release more than is bound', async () => {
        const trade = await createProposedContract();
        const bytes = u64Bytes(99_999n);
        const field = 'committedKilobitsPerSecond';
        const { address } = trade.node;
        await corruptField(trade.market, { program: 'registry', account: 'Node', address, field, bytes });
        await expectRefusal(cancel(trade), 'registry', 'ReleaseTooLarge');
    });

    it('refuse to count below zero', async () => {
        const trade = await createProposedContract();
        const { address } = trade.seller;
        const field = 'activeContracts';
        await corruptField(trade.market, {
            program: 'registry',
            account: 'Participant',
            address,
            field,
            bytes: u32Bytes(0),
        });
        await expectRefusal(cancel(trade), 'registry', 'CounterOutOfRange');
    });

    it('happen at the end of a contract that was never funded only by its cancellation', async () => {
        const trade = await createProposedContract();
        travelTo(trade.market, trade.contract.genesisAt + 30n);
        const claims = await fetchClaims(trade.market.connection, trade.contract.claims);
        const closing = await getBeginClosingInstructions({ contract: trade.contract, claims });
        await expectRefusal(send(trade.market, closing), 'market', 'ContractStateInvalid');
        const authority = trade.market.deployer;
        const input = { authority: authority.publicKey, contract: trade.contract, claims };
        await send(trade.market, await getCancelContractInstructions(input), [authority]);
    });
});
