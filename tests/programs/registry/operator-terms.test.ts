import {
    buildInstruction,
    fetchNodeConsent,
    fetchOperatorTerms,
    findNodeConsentAddress,
    findOperatorTermsAddress,
    getGrantNodeConsentInstructions,
    getPublishOperatorTermsInstructions,
    getRevokeNodeConsentInstructions,
    getUpdateOperatorTermsInstructions,
    getWithdrawOperatorTermsInstructions,
    isConsentCurrent,
    type NetworkTerms,
    type Node,
    type WithAddress,
} from '@ocm/sdk';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    createTestMarket,
    expectRefusal,
    registerNode,
    registerSeller,
    send,
    type TestMarket,
    type TestParticipant,
    timed,
} from '../../support/index.js';

const TERMS: NetworkTerms = {
    termsHash: new Uint8Array(32).fill(5),
    minHostShareBasisPoints: 1_500,
    allowedClasses: ['unicast', 'inHome'],
    maxKilobitsPerSecondPerNode: 1_000_000n,
    requiresConsent: true,
};
const ASN = 64_496;

describe("an operator's terms", () => {
    let market: TestMarket;
    let operator: TestParticipant;
    let seller: TestParticipant;
    let node: WithAddress<Node>;

    beforeEach(async () => {
        market = await createTestMarket();
        operator = await registerSeller(market, { name: 'operator', stake: 0n });
        seller = await registerSeller(market, { stake: 0n });
        node = await registerNode(market, seller);
    });

    const owner = () => operator.owner.publicKey;
    const address = () => findOperatorTermsAddress({ participant: operator.address, asn: ASN });
    const consentAddress = () => findNodeConsentAddress({ node: node.address, participant: operator.address });
    const publish = async (overrides: Partial<NetworkTerms> = {}, asn = ASN) => {
        const input = { owner: owner(), asn, terms: { ...TERMS, ...overrides } };
        return send(market, await getPublishOperatorTermsInstructions(input), [operator.owner]);
    };
    const update = async (overrides: Partial<NetworkTerms>) => {
        const input = { owner: owner(), asn: ASN, terms: { ...TERMS, ...overrides } };
        return send(market, await getUpdateOperatorTermsInstructions(input), [operator.owner]);
    };
    const grant = async (to = node.address) =>
        send(market, await getGrantNodeConsentInstructions({ owner: owner(), asn: ASN, node: to }), [operator.owner]);
    const current = async () => {
        const terms = await fetchOperatorTerms(market.connection, address());
        const consent = await fetchNodeConsent(market.connection, consentAddress());
        return terms !== null && consent !== null && isConsentCurrent(consent, node, terms);
    };

    it('are published, replaced and withdrawn', async () => {
        const { result, expectDuring } = await timed(market, publish);
        const published = await fetchOperatorTerms(market.connection, address());
        expect(published).toEqual({
            address: address(),
            participant: operator.address,
            asn: ASN,
            terms: TERMS,
            publishedAt: published?.publishedAt,
        });
        expectDuring(published?.publishedAt ?? 0n);
        expect(result.events[0]).toEqual({
            program: 'registry',
            name: 'OperatorTermsPublished',
            data: {
                operatorTerms: address(),
                participant: operator.address,
                asn: ASN,
                terms: { ...TERMS, allowedClasses: 0b10_0001 },
            },
        });
        expect((await update({ requiresConsent: false })).events[0]).toMatchObject({
            name: 'OperatorTermsUpdated',
            data: { termsBefore: { requiresConsent: true }, termsAfter: { requiresConsent: false } },
        });
        const withdrawal = await getWithdrawOperatorTermsInstructions({ owner: owner(), asn: ASN });
        expect((await send(market, withdrawal, [operator.owner])).events[0]).toMatchObject({
            name: 'OperatorTermsWithdrawn',
        });
        expect(await fetchOperatorTerms(market.connection, address())).toBeNull();
    });

    it.each([
        ['no network', {}, 0],
        ['no hash', { termsHash: new Uint8Array(32) }, ASN],
        ['more than the whole revenue', { minHostShareBasisPoints: 10_001 }, ASN],
        ['no class', { allowedClasses: [] }, ASN],
        ['no rate', { maxKilobitsPerSecondPerNode: 0n }, ASN],
        ['more than any node', { maxKilobitsPerSecondPerNode: 100_000_000_001n }, ASN],
    ] as const)('refuse %s', (_name, overrides, asn) =>
        expectRefusal(publish(overrides as Partial<NetworkTerms>, asn), 'registry', 'TermsInvalid'),
    );

    it('carry a consent that lapses with the text and is taken back', async () => {
        await publish();
        expect((await grant()).events).toEqual([
            {
                program: 'registry',
                name: 'NodeConsentGranted',
                data: {
                    nodeConsent: consentAddress(),
                    node: node.address,
                    participant: operator.address,
                    termsHash: TERMS.termsHash,
                },
            },
        ]);
        expect(await current()).toBe(true);
        await update({ maxKilobitsPerSecondPerNode: 999_999n });
        expect(await current()).toBe(false);
        await update({ termsHash: new Uint8Array(32).fill(6) });
        expect(await current()).toBe(false);
        const revoke = await getRevokeNodeConsentInstructions({ owner: owner(), node: node.address });
        expect((await send(market, revoke, [operator.owner])).events[0]).toMatchObject({ name: 'NodeConsentRevoked' });
        expect(await fetchNodeConsent(market.connection, consentAddress())).toBeNull();
    });

    it('speak of nodes in their network only', async () => {
        await publish();
        const { address: elsewhere } = await registerNode(market, seller, { asn: ASN + 1 });
        await expectRefusal(grant(elsewhere), 'registry', 'NodeOutsideNetwork');
    });

    it.each([
        ['class', { allowedClasses: ['satellite'] }],
        ['rate', { maxKilobitsPerSecondPerNode: 999_999n }],
    ] as const)('carry no consent to a node of another %s', async (_name, overrides) => {
        await publish(overrides as Partial<NetworkTerms>);
        await expectRefusal(grant(), 'registry', 'NodeOutsideTerms');
    });

    it('and consents are for their operator alone to change', async () => {
        await publish();
        await grant();
        const accounts = { owner: seller.owner.publicKey, participant: seller.address };
        const withdraw = { ...accounts, operatorTerms: address() };
        const revoke = { ...accounts, nodeConsent: consentAddress() };
        for (const instruction of [
            buildInstruction('registry', 'withdrawOperatorTerms', withdraw, {}),
            buildInstruction('registry', 'revokeNodeConsent', revoke, {}),
        ]) {
            await expectRefusal(send(market, [instruction], [seller.owner]), 'registry', 'TermsOfAnotherOperator');
        }
    });
});
