import { buildInstruction, fetchNode, findNodeAddress, getRegisterNodeInstructions, listNodes } from '@ocm/sdk';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    corruptField,
    createTestMarket,
    expectRefusal,
    nodeInput,
    readParticipant,
    registerContentProvider,
    registerNode,
    registerSeller,
    send,
    type TestMarket,
    type TestParticipant,
} from '../../support/index.js';

const MAX_KILOBITS_PER_SECOND = 100_000_000_000n;
const UNMEASURED = {
    kilobitsPerSecond: 0n,
    estimateKilobitsPerSecond: 0n,
    panelSize: 0,
    faults: 0,
    verifiedAt: 0n,
    expiresAt: 0n,
};

/** The IPv4 address 192.0.2.7 as the chain holds it. */
const MAPPED_IP = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 192, 0, 2, 7);
const UNUSED = { ip: new Uint8Array(16), port: 0 };

describe('register_node', () => {
    let market: TestMarket;
    let seller: TestParticipant;

    beforeEach(async () => {
        market = await createTestMarket();
        seller = await registerSeller(market);
    });

    const register = async (
        { owner }: TestParticipant,
        overrides: Partial<Parameters<typeof getRegisterNodeInstructions>[0]> = {},
    ) => send(market, await getRegisterNodeInstructions(nodeInput(owner.publicKey, overrides)), [owner]);

    /** Past the SDK's own checks. */
    const registerRaw = (overrides: object, signer: TestParticipant = seller, participant = seller.address) => {
        const { owner: _, endpoints: __, ...input } = nodeInput(signer.owner.publicKey);
        const args = {
            ...input,
            class: 'unicast' as const,
            meteredConsent: false,
            carouselHash: new Uint8Array(32),
            endpoints: [{ ip: MAPPED_IP, port: 443 }, UNUSED],
            ...overrides,
        };
        const accounts = {
            payer: signer.owner.publicKey,
            owner: signer.owner.publicKey,
            participant,
            node: findNodeAddress({ participant, index: args.index }),
        };
        return send(market, [buildInstruction('registry', 'registerNode', accounts, { args })], [signer.owner]);
    };

    it('stores what was claimed, nothing verified and nothing committed', async () => {
        const endpoints = [
            { ip: '192.0.2.7', port: 443 },
            { ip: '2001:db8::7', port: 8_443 },
        ];
        const { events } = await register(seller, { role: 'cast', endpoints });
        const address = findNodeAddress({ participant: seller.address, index: 0 });
        const { owner: _, ...input } = nodeInput(seller.owner.publicKey, { role: 'cast', endpoints });
        expect(await fetchNode(market.connection, address)).toEqual({
            ...input,
            address,
            participant: seller.address,
            endpointProofAt: 0n,
            bandwidthProofFlags: 0,
            verifiedEgress: UNMEASURED,
            verifiedIngress: UNMEASURED,
            verifiedMulticast: { reach: 0, reachLower: 0, verifiedAt: 0n, expiresAt: 0n },
            committedKilobitsPerSecond: 0n,
            status: 'active',
            class: 'unicast',
            meteredConsent: false,
            carouselHash: new Uint8Array(32),
        });
        expect((await readParticipant(market, seller)).nodeCount).toBe(1);
        expect(events).toEqual([
            {
                program: 'registry',
                name: 'NodeRegistered',
                data: {
                    node: address,
                    participant: seller.address,
                    index: 0,
                    role: 'cast',
                    endpoints: [
                        { ip: MAPPED_IP, port: 443 },
                        {
                            ip: Uint8Array.of(0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7),
                            port: 8_443,
                        },
                    ],
                    asn: 64_496,
                    claimEgressKilobitsPerSecond: 1_000_000n,
                    claimIngressKilobitsPerSecond: 100_000n,
                    class: 'unicast',
                },
            },
        ]);
    });

    it('lists the nodes of one seller and no other', async () => {
        const other = await registerSeller(market, { name: 'other seller' });
        const nodes = [await registerNode(market, seller), await registerNode(market, seller)];
        await registerNode(market, other);
        const listed = await listNodes(market.connection, { participant: seller.address });
        expect(listed.sort((a, b) => a.index - b.index)).toEqual(nodes);
        const all = (await listNodes(market.connection)).map(({ address }) => address.toBase58());
        expect(all.length).toBeGreaterThan(listed.length);
        expect(all).toEqual(expect.arrayContaining(nodes.map(({ address }) => address.toBase58())));
    });

    it('refuses a signer that does not own the participant', async () => {
        const other = await registerSeller(market, { name: 'other seller' });
        await expectRefusal(registerRaw({}, other), 'registry', 'NotOwner');
    });

    it('refuses a content provider', async () => {
        await expectRefusal(register(await registerContentProvider(market)), 'registry', 'NotSeller');
    });

    it('refuses a seller that is jailed', async () => {
        const bytes = Uint8Array.of(1);
        const { address } = seller;
        await corruptField(market, { program: 'registry', account: 'Participant', address, field: 'status', bytes });
        await expectRefusal(register(seller), 'registry', 'ParticipantNotActive');
    });

    it('refuses a number that is not the next one', async () => {
        await expectRefusal(register(seller, { index: 1 }), 'registry', 'NodeIndexOutOfOrder');
    });

    it.each([
        ['a first endpoint without address', [{ ip: new Uint8Array(16), port: 443 }, UNUSED]],
        ['a first endpoint without port', [{ ip: MAPPED_IP, port: 0 }, UNUSED]],
        ['no endpoint', [UNUSED, UNUSED]],
        [
            'a second endpoint without port',
            [
                { ip: MAPPED_IP, port: 1 },
                { ip: MAPPED_IP, port: 0 },
            ],
        ],
        [
            'a second endpoint without address',
            [
                { ip: MAPPED_IP, port: 1 },
                { ip: new Uint8Array(16), port: 1 },
            ],
        ],
    ])('refuses %s', async (_name, endpoints) => {
        await expectRefusal(registerRaw({ endpoints }), 'registry', 'EndpointInvalid');
    });

    it.each([
        ['no rate', 0n, 0n],
        ['too much egress', MAX_KILOBITS_PER_SECOND + 1n, 0n],
        ['too much ingress', 1n, MAX_KILOBITS_PER_SECOND + 1n],
    ])('refuses %s', async (_name, claimEgressKilobitsPerSecond, claimIngressKilobitsPerSecond) => {
        const sending = registerRaw({ claimEgressKilobitsPerSecond, claimIngressKilobitsPerSecond });
        await expectRefusal(sending, 'registry', 'RateOutOfRange');
    });

    it('accepts 100 Tbit/s in one direction alone', async () => {
        const { claimIngressKilobitsPerSecond } = await registerNode(market, seller, {
            claimEgressKilobitsPerSecond: 0n,
            claimIngressKilobitsPerSecond: MAX_KILOBITS_PER_SECOND,
        });
        expect(claimIngressKilobitsPerSecond).toBe(MAX_KILOBITS_PER_SECOND);
    });
});
