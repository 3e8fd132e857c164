import {
    CLASS_LIMITS,
    computeFootprintRoot,
    fetchNode,
    getAcceptOfferInstructions,
    getUpdateNodeInstructions,
    type RegisterNodeInput,
} from '@ocm/sdk';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    acceptInput,
    corruptField,
    createTestMarket,
    createTestOffer,
    expectRefusal,
    registerNode,
    registerSeller,
    send,
    type TestMarket,
    type TestParticipant,
} from '../../support/index.js';

const hash = (byte: number) => new Uint8Array(32).fill(byte);
const BROADCAST = {
    class: 'atsc3',
    role: 'cast',
    carouselHash: hash(6),
    claimEgressKilobitsPerSecond: 57_000n,
    claimIngressKilobitsPerSecond: 0n,
} as const;
const MOBILE = {
    class: 'mobile',
    meteredConsent: true,
    claimEgressKilobitsPerSecond: 200_000n,
    claimIngressKilobitsPerSecond: 1_000_000n,
} as const;

describe('a capacity class', () => {
    let market: TestMarket;
    let seller: TestParticipant;

    beforeEach(async () => {
        market = await createTestMarket();
        seller = await registerSeller(market);
    });

    const refuse = (overrides: Partial<RegisterNodeInput>, name: string) =>
        expectRefusal(registerNode(market, seller, overrides), 'registry', name);

    it.each([
        ['atsc3', BROADCAST],
        ['mobile', MOBILE],
        [
            'inHome',
            { class: 'inHome', claimEgressKilobitsPerSecond: CLASS_LIMITS.inHome.maxEgressKilobitsPerSecond } as const,
        ],
    ] as const)('%s takes a node at its limits', async (name, overrides) => {
        const node = await registerNode(market, seller, overrides);
        expect([node.class, node.claimEgressKilobitsPerSecond]).toEqual([
            name,
            CLASS_LIMITS[name].maxEgressKilobitsPerSecond,
        ]);
    });

    it('refuses a role that it does not allow', () => refuse({ ...BROADCAST, role: 'relay' }, 'ClassRoleForbidden'));
    it('refuses one kilobit more than it carries', () =>
        refuse({ ...BROADCAST, claimEgressKilobitsPerSecond: 57_001n }, 'ClassRateTooHigh'));
    it('refuses ingress to a one-way node', () =>
        refuse({ ...BROADCAST, claimIngressKilobitsPerSecond: 1n }, 'ClassRateTooHigh'));
    it('refuses a one-way node without carousel', () =>
        refuse({ ...BROADCAST, carouselHash: hash(0) }, 'CarouselMissing'));
    it.each([
        ['all zero', hash(0)],
        ['of no footprints', computeFootprintRoot([])],
    ])('refuses a one-way node with a root %s', (_name, footprintRoot) =>
        refuse({ ...BROADCAST, footprintRoot }, 'FootprintMissing'),
    );
    it('refuses a mobile node without metered consent', () =>
        refuse({ ...MOBILE, meteredConsent: false }, 'MeteredConsentMissing'));

    it('keeps a node from taking its declarations back', async () => {
        const node = await registerNode(market, seller, MOBILE);
        const update = await getUpdateNodeInstructions({
            owner: seller.owner.publicKey,
            node: node.address,
            tlsSpki: hash(1),
            footprintRoot: hash(2),
            asn: 1,
            bandwidthProofFlags: 0,
        });
        await expectRefusal(send(market, update, [seller.owner]), 'registry', 'MeteredConsentMissing');
        expect(await fetchNode(market.connection, node.address)).toEqual(node);
    });

    it('one-way binds no contract of addressed deliveries', async () => {
        const trade = await createTestOffer();
        const { address } = trade.node;
        await corruptField(trade.market, {
            program: 'registry',
            account: 'Node',
            address,
            field: 'class',
            bytes: Uint8Array.of(3),
        });
        const input = await acceptInput(trade.market, trade.contentProvider, trade.offer, {});
        const accepting = send(trade.market, await getAcceptOfferInstructions(input), [trade.contentProvider.owner]);
        await expectRefusal(accepting, 'registry', 'ClassNotUnicast');
    });
});
