import {
    buildInstruction,
    findLicenceAccountAddress,
    findLicenceAddress,
    getMintLicenceInstructions,
    getSetHotKeyInstructions,
    type MintLicenceInput,
    type Node,
    type WithAddress,
} from '@ocm/sdk';
import type { PublicKey } from '@solana/web3.js';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    corruptField,
    createTestMarket,
    expectRefusal,
    nowSecs,
    refusalOf,
    registerNode,
    registerSeller,
    send,
    type TestMarket,
    type TestParticipant,
} from '../../support/index.js';

describe('no licence', () => {
    let market: TestMarket;
    let seller: TestParticipant;
    let node: WithAddress<Node>;
    let mint: PublicKey;

    beforeEach(async () => {
        market = await createTestMarket();
        seller = await registerSeller(market);
        node = await registerNode(market, seller);
        mint = findLicenceAddress({ node: node.address });
    });

    const owner = () => seller.owner.publicKey;
    const input = (overrides: Partial<MintLicenceInput> = {}) => ({ owner: owner(), node: node.address, ...overrides });
    const issue = async (overrides: Partial<MintLicenceInput> = {}, signer = seller.owner) =>
        send(market, await getMintLicenceInstructions(input(overrides)), [signer]);
    /** Past the SDK's own checks. */
    const issueUri = (uri: string) => {
        const accounts = {
            payer: owner(),
            authority: owner(),
            owner: owner(),
            participant: seller.address,
            node: node.address,
            licenceMint: mint,
            licenceAccount: findLicenceAccountAddress({ node: node.address, owner: owner() }),
        };
        return send(market, [buildInstruction('registry', 'mintLicence', accounts, { uri })], [seller.owner]);
    };

    it('is minted a second time', async () => {
        await issue();
        await expectRefusal(issue(), 'registry', 'LicenceExists');
    });

    it('is minted by a hot key without the permission to prove', async () => {
        const { hot } = seller;
        const hotKey = { address: hot.publicKey, scopes: ['commit', 'cosign', 'challenge'] as const };
        const limited = { owner: owner(), hotKey: { ...hotKey, expiresAt: nowSecs(market) + 60n } };
        await send(market, await getSetHotKeyInstructions(limited), [seller.owner]);
        await expectRefusal(issue({ authority: hot.publicKey }, hot), 'registry', 'NotAuthorized');
    });

    it('is minted for another seller’s node, or to another wallet than the owner’s', async () => {
        const other = await registerSeller(market, { name: 'other seller' });
        const foreign = await getMintLicenceInstructions({ owner: other.owner.publicKey, node: node.address });
        await expectRefusal(send(market, foreign, [other.owner]), 'registry', 'NodeOfAnotherParticipant');
        const accounts = {
            payer: owner(),
            authority: owner(),
            owner: other.owner.publicKey,
            participant: seller.address,
            node: node.address,
            licenceMint: mint,
            licenceAccount: findLicenceAccountAddress({ node: node.address, owner: other.owner.publicKey }),
        };
        const elsewhere = buildInstruction('registry', 'mintLicence', accounts, { uri: '' });
        await expectRefusal(send(market, [elsewhere], [seller.owner]), 'registry', 'NotOwner');
        const wrong = { ...accounts, owner: owner(), licenceMint: findLicenceAddress({ node: seller.address }) };
        const misplaced = buildInstruction('registry', 'mintLicence', wrong, { uri: '' });
        expect(await refusalOf(send(market, [misplaced], [seller.owner]))).toMatchObject({ name: 'ConstraintSeeds' });
    });

    it.each([
        ['201 bytes', 'a'.repeat(201)],
        ['a space', 'https://a b'],
        ['a line break', 'https://a\n'],
        ['letters that read backwards', 'https://a\u202Egnp.exe'],
    ])('has a URI of %s', (_name, uri) => expectRefusal(issueUri(uri), 'registry', 'LicenceUriInvalid'));

    it.each(['Node', 'Participant'])('is minted on a %s of a layout that is unknown', async (account) => {
        const address = account === 'Node' ? node.address : seller.address;
        await corruptField(market, {
            program: 'registry',
            account,
            address,
            field: 'version',
            bytes: Uint8Array.of(9),
        });
        await expectRefusal(issue(), 'registry', 'AccountVersionUnknown');
    });
});
