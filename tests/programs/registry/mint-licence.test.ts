import {
    fetchNodeLicence,
    findLicenceAccountAddress,
    findLicenceAddress,
    getMintLicenceInstructions,
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

    it('is minted for a stranger’s payment only where the owner or its hot key signs', async () => {
        const stranger = testKeypair('stranger');
        await fundWallet(market, stranger);
        const asStranger = issue({ authority: stranger.publicKey }, stranger);
        await expectRefusal(asStranger, 'registry', 'NotAuthorized');
        const { hot } = seller;
        const { events } = await issue({ authority: hot.publicKey }, hot);
        expect(events[0]).toMatchObject({ name: 'LicenceMinted', data: { holder: owner() } });
    });

    it.each([
        ['a node that is out of the market', 'Node', 1],
        ['a participant in jail', 'Participant', 1],
        ['a participant on its way out', 'Participant', 2],
    ])('is minted for %s', async (_name, account, status) => {
        const address = account === 'Node' ? node.address : seller.address;
        const bytes = Uint8Array.of(status);
        await corruptField(market, { program: 'registry', account, address, field: 'status', bytes });
        await issue();
        expect((await read())?.holder).toEqual(owner());
    });

    it.each([1_000_000n, 50_000_000n])('is minted where a stranger has sent %i lamports ahead', async (lamports) => {
        await market.cluster.airdrop(mint.toBase58(), lamports);
        await market.cluster.airdrop(
            findLicenceAccountAddress({ node: node.address, owner: owner() }).toBase58(),
            lamports,
        );
        await issue({ uri: 'a'.repeat(200) });
        expect(await read()).toMatchObject({ holder: owner(), uri: 'a'.repeat(200) });
    });
});
