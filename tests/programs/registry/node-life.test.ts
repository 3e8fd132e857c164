import {
    BANDWIDTH_PROOFS,
    buildInstruction,
    computeFootprintProof,
    computeFootprintRoot,
    computeNodeSellableRate,
    type Footprint,
    fetchNode,
    getCloseNodeInstructions,
    getDeactivateNodeInstructions,
    getProveNodeFootprintInstructions,
    getReactivateNodeInstructions,
    getSetNodeRatesInstructions,
    getUpdateNodeInstructions,
    type Node,
    type WithAddress,
} from '@ocm/sdk';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    corruptField,
    createTestMarket,
    expectRefusal,
    readParticipant,
    registerNode,
    registerSeller,
    send,
    type TestMarket,
    type TestParticipant,
    u64Bytes,
} from '../../support/index.js';

const FOOTPRINTS: Footprint[] = [
    { kind: 'asn', value: 'as64496' },
    { kind: 'ipv4cidr', value: '192.0.2.0/24' },
    { kind: 'countrycode', value: 'de' },
];

describe('a node', () => {
    let market: TestMarket;
    let seller: TestParticipant;
    let node: WithAddress<Node>;

    beforeEach(async () => {
        market = await createTestMarket();
        seller = await registerSeller(market);
        node = await registerNode(market, seller, { footprintRoot: computeFootprintRoot(FOOTPRINTS) });
    });

    const read = () => fetchNode(market.connection, node.address);
    const corrupt = (field: string, bytes: Uint8Array) =>
        corruptField(market, { program: 'registry', account: 'Node', address: node.address, field, bytes });
    const input = (by = seller) => ({ owner: by.owner.publicKey, node: node.address });
    const deactivate = async (by = seller) => send(market, await getDeactivateNodeInstructions(input(by)), [by.owner]);
    const reactivate = async () => send(market, await getReactivateNodeInstructions(input()), [seller.owner]);
    const close = async () => send(market, await getCloseNodeInstructions(input()), [seller.owner]);
    const setRates = async (claimEgressKilobitsPerSecond: bigint, claimIngressKilobitsPerSecond = 0n) =>
        send(
            market,
            await getSetNodeRatesInstructions({
                ...input(),
                claimEgressKilobitsPerSecond,
                claimIngressKilobitsPerSecond,
            }),
            [seller.owner],
        );

    it('replaces what it says of its place', async () => {
        const profile = {
            tlsSpki: new Uint8Array(32).fill(8),
            footprintRoot: new Uint8Array(32).fill(9),
            asn: 64_500,
            bandwidthProofFlags: BANDWIDTH_PROOFS.egress + BANDWIDTH_PROOFS.multicast,
        };
        const { events } = await send(market, await getUpdateNodeInstructions({ ...input(), ...profile }), [
            seller.owner,
        ]);
        expect(await read()).toEqual({ ...node, ...profile });
        expect(events).toEqual([
            {
                program: 'registry',
                name: 'NodeProfileUpdated',
                data: {
                    node: node.address,
                    asnBefore: 64_496,
                    asnAfter: 64_500,
                    footprintRootBefore: node.footprintRoot,
                    footprintRootAfter: profile.footprintRoot,
                    tlsSpki: profile.tlsSpki,
                    bandwidthProofFlags: 5,
                    meteredConsent: false,
                    carouselHash: new Uint8Array(32),
                },
            },
        ]);
    });

    it('refuses a proof direction that there is not', async () => {
        const { owner } = seller;
        const accounts = { owner: owner.publicKey, participant: seller.address, node: node.address };
        const { tlsSpki, footprintRoot, asn, meteredConsent, carouselHash } = node;
        const args = { tlsSpki, footprintRoot, asn, meteredConsent, carouselHash, bandwidthProofFlags: 8 };
        const sending = send(market, [buildInstruction('registry', 'updateNode', accounts, { args })], [owner]);
        await expectRefusal(sending, 'registry', 'BandwidthFlagsInvalid');
    });

    it('claims other rates, down to what is committed', async () => {
        await corrupt('committedKilobitsPerSecond', u64Bytes(400_000n));
        await expectRefusal(setRates(399_999n), 'registry', 'RateBelowCommitted');
        const { events } = await setRates(400_000n);
        expect((await read())?.claimEgressKilobitsPerSecond).toBe(400_000n);
        expect(events[0]).toMatchObject({
            name: 'NodeRatesSet',
            data: { egressBefore: 1_000_000n, egressAfter: 400_000n, ingressBefore: 100_000n, ingressAfter: 0n },
        });
        await expectRefusal(setRates(100_000_000_001n), 'registry', 'RateOutOfRange');
    });

    it('sells the lower of claim and measurement while that lasts', async () => {
        const verifiedEgress = { ...node.verifiedEgress, kilobitsPerSecond: 700_000n, expiresAt: 100n };
        const rate = (now: bigint, requireVerified: boolean) =>
            computeNodeSellableRate({ ...node, verifiedEgress }, { now, requireVerified });
        expect([rate(99n, true), rate(99n, false), rate(100n, true), rate(100n, false)]).toEqual([
            700_000n,
            700_000n,
            0n,
            1_000_000n,
        ]);
    });

    it('is deactivated, reactivated and closed with its rent', async () => {
        expect((await deactivate()).events).toEqual([
            { program: 'registry', name: 'NodeDeactivated', data: { node: node.address, participant: seller.address } },
        ]);
        expect((await read())?.status).toBe('inactive');
        expect((await readParticipant(market, seller)).inactiveNodes).toBe(1);
        await expectRefusal(deactivate(), 'registry', 'NodeNotActive');
        expect((await reactivate()).events[0]).toMatchObject({ name: 'NodeReactivated' });
        expect((await readParticipant(market, seller)).inactiveNodes).toBe(0);
        await expectRefusal(reactivate(), 'registry', 'NodeActive');
        await expectRefusal(close(), 'registry', 'NodeActive');
        await deactivate();
        const rent = await market.connection.getBalance(node.address);
        const before = await market.connection.getBalance(seller.owner.publicKey);
        expect((await close()).events).toEqual([
            {
                program: 'registry',
                name: 'NodeClosed',
                data: { node: node.address, participant: seller.address, index: 0 },
            },
        ]);
        const gained = (await market.connection.getBalance(seller.owner.publicKey)) - before;
        expect(gained).toBeGreaterThan(rent - 20_000);
        expect(await read()).toBeNull();
        const { nodeCount, inactiveNodes, closedNodes } = await readParticipant(market, seller);
        expect([nodeCount, inactiveNodes, closedNodes]).toEqual([1, 1, 1]);
        await expectRefusal(registerNode(market, seller, { index: 0 }), 'registry', 'NodeIndexOutOfOrder');
    });

    it('stays while a contract holds capacity on it', async () => {
        await corrupt('committedKilobitsPerSecond', u64Bytes(1n));
        await expectRefusal(deactivate(), 'registry', 'NodeCommitted');
    });

    it('does not come back for a seller that is not active', async () => {
        await deactivate();
        const status = { field: 'status', bytes: Uint8Array.of(1) };
        await corruptField(market, { program: 'registry', account: 'Participant', address: seller.address, ...status });
        await expectRefusal(reactivate(), 'registry', 'ParticipantNotActive');
    });

    it('is not for another seller to deactivate', async () => {
        const other = await registerSeller(market, { name: 'other seller' });
        await expectRefusal(deactivate(other), 'registry', 'NodeOfAnotherParticipant');
    });

    it('of a layout that is unknown is refused', async () => {
        await corrupt('version', Uint8Array.of(9));
        await expectRefusal(setRates(5n), 'registry', 'AccountVersionUnknown');
    });

    it.each(FOOTPRINTS)('proves that $value is in its footprint', async (footprint) => {
        const proof = computeFootprintProof(FOOTPRINTS, footprint);
        const instructions = await getProveNodeFootprintInstructions({ node: node.address, footprint, proof });
        expect((await send(market, instructions)).events[0]).toMatchObject({
            name: 'NodeFootprintProven',
            data: { node: node.address, footprintRoot: node.footprintRoot },
        });
    });

    it('proves nothing that is not in its footprint', async () => {
        const proof = computeFootprintProof(FOOTPRINTS, FOOTPRINTS[0]!);
        const footprint = { kind: 'asn', value: 'as64497' } as const;
        const instructions = await getProveNodeFootprintInstructions({ node: node.address, footprint, proof });
        await expectRefusal(send(market, instructions), 'registry', 'FootprintProofInvalid');
    });
});
