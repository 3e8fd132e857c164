import {
    buildInstruction,
    fetchNodeLicence,
    findLicenceAccountAddress,
    findLicenceAddress,
    getMintLicenceInstructions,
    getSetHotKeyInstructions,
    type MintLicenceInput,
    type Node,
    type WithAddress,
} from '@ocm/sdk';
import { getMint, TOKEN_2022_PROGRAM_ID } from '@solana/spl-token';
import type { PublicKey } from '@solana/web3.js';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    corruptField,
    createTestMarket,
    expectRefusal,
    fundWallet,
    nowSecs,
    refusalOf,
    registerNode,
    registerSeller,
    send,
    type TestMarket,
    type TestParticipant,
    testKeypair,
} from '../../support/index.js';

const MEANING =
    'Shows that the wallet which holds it registered this node. Authority is the Node account; this token gives none.';

describe('the licence of a node', () => {
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
    const read = () => fetchNodeLicence(market.connection, { node: node.address, owner: owner() });
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

    it('says whose node it is and what it is worth', async () => {
        const uri = 'https://operator.example/relay.json';
        const { events, computeUnits } = await issue({ uri });
        expect(await read()).toEqual({
            mint,
            node: node.address,
            name: 'OCM RELAY licence',
            symbol: 'OCM-NODE',
            uri,
            role: 'RELAY',
            class: 'unicast',
            asn: 64_496,
            meaning: MEANING,
            holder: owner(),
        });
        const { address: licensed } = node;
        const minted = { licenceMint: mint, node: licensed, participant: seller.address, holder: owner() };
        expect(events).toEqual([
            {
                program: 'registry',
                name: 'LicenceMinted',
                data: { ...minted, role: 'relay', class: 'unicast', asn: 64_496 },
            },
        ]);
        expect(computeUnits).toBeLessThan(180_000);
    });

    it('is one token that nobody can multiply, freeze or rename', async () => {
        await issue();
        const read = await getMint(market.connection, mint, 'confirmed', TOKEN_2022_PROGRAM_ID);
        expect(read).toMatchObject({ supply: 1n, decimals: 0, mintAuthority: null, freezeAuthority: null });
        const account = await market.connection.getAccountInfo(mint);
        // Metadata begins with the key that may change it: none.
        const metadata = account?.data.lastIndexOf(Buffer.concat([Buffer.alloc(32), mint.toBuffer()]));
        expect(metadata).toBe(314);
        const rent = await market.connection.getMinimumBalanceForRentExemption(account?.data.length ?? 0);
        expect(account?.lamports).toBe(rent);
    });

    it('is minted once', async () => {
        await issue();
        await expectRefusal(issue(), 'registry', 'LicenceExists');
    });

    it('is minted for a stranger’s payment only where the owner or its hot key signs', async () => {
        const stranger = testKeypair('stranger');
        await fundWallet(market, stranger);
        const asStranger = issue({ authority: stranger.publicKey }, stranger);
        await expectRefusal(asStranger, 'registry', 'NotAuthorized');
        const { hot } = seller;
        const { events } = await issue({ authority: hot.publicKey }, hot);
        expect(events[0]).toMatchObject({ name: 'LicenceMinted', data: { holder: owner() } });
    });

    it('is not for a hot key without the permission to prove', async () => {
        const { hot } = seller;
        const hotKey = { address: hot.publicKey, scopes: ['commit', 'cosign', 'challenge'] as const };
        const limited = { owner: owner(), hotKey: { ...hotKey, expiresAt: nowSecs(market) + 60n } };
        await send(market, await getSetHotKeyInstructions(limited), [seller.owner]);
        await expectRefusal(issue({ authority: hot.publicKey }, hot), 'registry', 'NotAuthorized');
    });

    it('is not for another seller’s node, and goes to no other wallet than the owner', async () => {
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
    ])('refuses a URI of %s', (_name, uri) => expectRefusal(issueUri(uri), 'registry', 'LicenceUriInvalid'));

    it.each([1_000_000n, 50_000_000n])('is minted where a stranger has sent %i lamports ahead', async (lamports) => {
        await market.cluster.airdrop(mint.toBase58(), lamports);
        await market.cluster.airdrop(
            findLicenceAccountAddress({ node: node.address, owner: owner() }).toBase58(),
            lamports,
        );
        await issue({ uri: 'a'.repeat(200) });
        expect(await read()).toMatchObject({ holder: owner(), uri: 'a'.repeat(200) });
    });

    it.each(['Node', 'Participant'])('is not minted on a %s of a layout that is unknown', async (account) => {
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
