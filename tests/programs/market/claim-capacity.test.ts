import {
    buildInstruction,
    type ClaimCapacityInput,
    fetchCapacityClaim,
    findCapacityClaimAddress,
    getClaimCapacityInstructions,
    type Node,
    type WithAddress,
} from '@ocm/sdk';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    corruptField,
    createTestMarket,
    expectRefusal,
    nowSecs,
    registerNode,
    registerSeller,
    send,
    swapAccount,
    type TestMarket,
    type TestParticipant,
    timed,
} from '../../support/index.js';

const MAX_COMPUTE_UNITS = 60_000;

describe('claim_capacity', () => {
    let market: TestMarket;
    let seller: TestParticipant;
    let node: WithAddress<Node>;

    beforeEach(async () => {
        market = await createTestMarket();
        seller = await registerSeller(market);
        node = await registerNode(market, seller);
    });

    const input = (overrides: Partial<ClaimCapacityInput> = {}): ClaimCapacityInput => ({
        owner: seller.owner.publicKey,
        node: node.address,
        index: 7,
        footprint: { kind: 'countrycode', value: 'de' },
        direction: 'egress',
        kilobitsPerSecond: 1_000_000n,
        priceFloorPerGigabyte: 4_000n,
        validFrom: nowSecs(market),
        validUntil: nowSecs(market) + 60n,
        deliveryMethods: ['multicast'],
        ...overrides,
    });
    const claim = async (overrides: Partial<ClaimCapacityInput> = {}) =>
        send(market, await getClaimCapacityInstructions(input(overrides)), [seller.owner]);
    const corrupt = (account: 'Node' | 'Participant', address: Node['participant'], field: string, byte: number) =>
        corruptField(market, { program: 'registry', account, address, field, bytes: Uint8Array.of(byte) });

    it('states what a node can carry into a footprint', async () => {
        const { result, expectDuring } = await timed(market, claim);
        const { events, computeUnits } = result;
        const address = findCapacityClaimAddress({ node: node.address, index: 7 });
        const { owner: _owner, node: _node, index: _index, ...stated } = input();
        const claimed = await fetchCapacityClaim(market.connection, address);
        expect(claimed).toEqual({
            address,
            node: node.address,
            participant: seller.address,
            index: 7,
            ...stated,
            committedKilobitsPerSecond: 0n,
            claimedAt: claimed?.claimedAt,
            status: 'active',
        });
        expectDuring(claimed?.claimedAt ?? 0n);
        expect(events).toHaveLength(1);
        expect(events[0]).toMatchObject({
            program: 'market',
            name: 'CapacityClaimed',
            data: { capacityClaim: address, node: node.address, participant: seller.address },
        });
        console.info(`claim_capacity: ${computeUnits} compute units`);
        expect(computeUnits).toBeLessThan(MAX_COMPUTE_UNITS);
    });

    it('takes ingress up to what the node claims inwards, by one unit', async () => {
        await expectRefusal(claim({ direction: 'ingress', kilobitsPerSecond: 100_001n }), 'market', 'ClaimExceedsNode');
        await claim({ direction: 'ingress', kilobitsPerSecond: 100_000n });
    });

    it('refuses more egress than the node claims', async () => {
        await expectRefusal(claim({ kilobitsPerSecond: 1_000_001n }), 'market', 'ClaimExceedsNode');
    });

    it('refuses the node of another seller', async () => {
        const other = await registerSeller(market, { name: 'other seller' });
        const foreign = await registerNode(market, other);
        await expectRefusal(claim({ node: foreign.address }), 'market', 'NodeOfAnotherParticipant');
    });

    it('refuses to act for another participant', async () => {
        const other = await registerSeller(market, { name: 'other seller' });
        const instructions = swapAccount(
            await getClaimCapacityInstructions(input()),
            seller.owner.publicKey,
            other.owner.publicKey,
        );
        await expectRefusal(send(market, instructions, [other.owner]), 'market', 'NotOwner');
    });

    it('refuses a participant that is no seller', async () => {
        await corrupt('Participant', seller.address, 'kind', 0);
        await expectRefusal(claim(), 'market', 'NotSeller');
    });

    it('refuses a jailed seller', async () => {
        await corrupt('Participant', seller.address, 'status', 1);
        await expectRefusal(claim(), 'market', 'ParticipantNotActive');
    });

    it('refuses an inactive node', async () => {
        await corrupt('Node', node.address, 'status', 1);
        await expectRefusal(claim(), 'market', 'NodeNotActive');
    });

    it('refuses a claim that has ended already', async () => {
        const now = nowSecs(market);
        await expectRefusal(claim({ validFrom: now - 10n, validUntil: now }), 'market', 'ValidityInvalid');
    });

    it.each([0, 4])('refuses delivery methods %i', async (bits) => {
        const [instruction] = await getClaimCapacityInstructions(input());
        instruction!.data[instruction!.data.length - 1] = bits;
        await expectRefusal(send(market, [instruction!], [seller.owner]), 'market', 'DeliveryMethodsInvalid');
    });

    it('refuses a footprint with host bits', async () => {
        const { owner, node: address, footprint: _footprint, ...args } = input();
        const accounts = {
            payer: owner,
            owner,
            participant: seller.address,
            node: address,
            capacityClaim: findCapacityClaimAddress({ node: address, index: args.index }),
        };
        const footprint = { kind: 1, prefixLength: 8, value: new Uint8Array(16).fill(127) };
        const stored = { ...args, footprint, deliveryMethods: 1 };
        const instruction = buildInstruction('market', 'claimCapacity', accounts, { args: stored });
        await expectRefusal(send(market, [instruction], [seller.owner]), 'market', 'FootprintNotCanonical');
    });
});
