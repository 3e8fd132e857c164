import {
    fetchNode,
    fetchNodeLicence,
    findLicenceAccountAddress,
    findLicenceAddress,
    getCloseNodeInstructions,
    getCloseParticipantInstructions,
    getDeactivateNodeInstructions,
    getExitParticipantInstructions,
    getMintLicenceInstructions,
    getReactivateNodeInstructions,
    getRequestUnbondInstructions,
    getRetireLicenceInstructions,
    getWithdrawUnbondedInstructions,
    IDLS,
    type Node,
    type WithAddress,
} from '@ocm/sdk';
import {
    createAssociatedTokenAccountInstruction,
    createBurnInstruction,
    createCloseAccountInstruction,
    createTransferCheckedInstruction,
    getAssociatedTokenAddressSync,
    TOKEN_2022_PROGRAM_ID,
} from '@solana/spl-token';
import type { Keypair, PublicKey, TransactionInstruction } from '@solana/web3.js';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    createTestMarket,
    expectRefusal,
    fundWallet,
    readParticipant,
    refusalOf,
    registerNode,
    registerSeller,
    send,
    TEST_PARAMS,
    type TestMarket,
    type TestParticipant,
    THOUSAND_TOKENS,
    testKeypair,
    travel,
} from '../../support/index.js';

describe('a licence that stands', () => {
    let market: TestMarket;
    let seller: TestParticipant;
    let node: WithAddress<Node>;
    let mint: PublicKey;
    let account: PublicKey;

    beforeEach(async () => {
        market = await createTestMarket();
        seller = await registerSeller(market);
        node = await registerNode(market, seller);
        mint = findLicenceAddress({ node: node.address });
        account = findLicenceAccountAddress({ node: node.address, owner: seller.owner.publicKey });
        await send(market, await getMintLicenceInstructions(input()), [seller.owner]);
    });

    const input = (by: Keypair = seller.owner) => ({ owner: by.publicKey, node: node.address });
    const read = () => fetchNodeLicence(market.connection, input());
    const asOwner = (instructions: TransactionInstruction[]) => send(market, instructions, [seller.owner]);
    const deactivate = async () => asOwner(await getDeactivateNodeInstructions(input()));
    const closeNode = async () => asOwner(await getCloseNodeInstructions(input()));
    const retirement = () => getRetireLicenceInstructions({ owner: seller.owner.publicKey, nodeIndex: 0 });
    const burn = () => {
        const { publicKey } = seller.owner;
        return asOwner([createBurnInstruction(account, mint, publicKey, 1, [], TOKEN_2022_PROGRAM_ID)]);
    };
    const lamportsOf = (address: PublicKey) => market.connection.getBalance(address);

    it('cannot be transferred: Token-2022 refuses', async () => {
        const friend = testKeypair('friend').publicKey;
        const to = getAssociatedTokenAddressSync(mint, friend, true, TOKEN_2022_PROGRAM_ID);
        const { publicKey } = seller.owner;
        const open = createAssociatedTokenAccountInstruction(publicKey, to, friend, mint, TOKEN_2022_PROGRAM_ID);
        await asOwner([open]);
        const none: [] = [];
        const move = createTransferCheckedInstruction(account, mint, to, publicKey, 1, 0, none, TOKEN_2022_PROGRAM_ID);
        // NonTransferable is error 37 of Token-2022.
        await expect(asOwner([move])).rejects.toThrow('custom program error: 0x25');
        expect((await read())?.holder).toEqual(publicKey);
    });

    it('is the holder’s to burn, which changes nothing of the node and brings no second one', async () => {
        const before = await fetchNode(market.connection, node.address);
        await burn();
        expect(await read()).toMatchObject({ holder: null, name: 'OCM RELAY licence' });
        expect(await fetchNode(market.connection, node.address)).toEqual(before);
        const again = await getMintLicenceInstructions(input());
        await expectRefusal(asOwner(again), 'registry', 'LicenceExists');
        await deactivate();
        await asOwner(await getReactivateNodeInstructions(input()));
    });

    it('gives its holder no power over the node, however it came to the token', async () => {
        const thief = testKeypair('thief');
        await fundWallet(market, thief);
        const stolen = findLicenceAccountAddress({ node: node.address, owner: thief.publicKey });
        const held = await market.connection.getAccountInfo(account);
        const data = Buffer.from(held?.data ?? []);
        thief.publicKey.toBuffer().copy(data, 32);
        const update = { data: data.toString('hex'), owner: TOKEN_2022_PROGRAM_ID.toBase58(), lamports: 10_000_000 };
        const params = [stolen.toBase58(), update];
        await market.cluster.handle({ jsonrpc: '2.0', id: 1, method: 'surfnet_setAccount', params });
        const other = await registerSeller(market, { name: 'thief' });
        const attempts = [getDeactivateNodeInstructions, getReactivateNodeInstructions, getCloseNodeInstructions];
        for (const attempt of attempts) {
            const taking = send(market, await attempt(input(other.owner)), [other.owner]);
            await expectRefusal(taking, 'registry', 'NodeOfAnotherParticipant');
        }
    });

    it('is read by no instruction but those that make and end it', () => {
        const readers = Object.values(IDLS).flatMap(({ instructions }) =>
            instructions.flatMap(({ name, accounts }) =>
                accounts.some((account) => /licen[cs]e/i.test(account.name)) ? [name] : [],
            ),
        );
        expect(readers).toEqual(['mintLicence', 'retireLicence']);
    });

    it('stays while the node stands, active or not', async () => {
        await expectRefusal(asOwner(await retirement()), 'registry', 'NodeNotClosed');
        await deactivate();
        await expectRefusal(asOwner(await retirement()), 'registry', 'NodeNotClosed');
    });

    it('is retired by anyone once the node is closed, with its rent to the owner', async () => {
        await deactivate();
        await closeNode();
        expect(await read()).not.toBeNull();
        const rent = await lamportsOf(mint);
        const before = await lamportsOf(seller.owner.publicKey);
        const { events } = await send(market, await retirement());
        expect(events).toEqual([
            {
                program: 'registry',
                name: 'LicenceRetired',
                data: {
                    licenceMint: mint,
                    node: node.address,
                    nodeIndex: 0,
                    participant: seller.address,
                    owner: seller.owner.publicKey,
                    burned: 1n,
                    lamportsReturned: BigInt(rent),
                },
            },
        ]);
        expect((await lamportsOf(seller.owner.publicKey)) - before).toBe(rent);
        expect(await read()).toBeNull();
        expect(await refusalOf(asOwner(await retirement()))).toMatchObject({ name: 'AccountNotInitialized' });
        const { publicKey } = seller.owner;
        await asOwner([createCloseAccountInstruction(account, publicKey, publicKey, [], TOKEN_2022_PROGRAM_ID)]);
        expect(await lamportsOf(account)).toBe(0);
    });

    it('goes with the node in one transaction, and the node’s number is used no more', async () => {
        await deactivate();
        await asOwner([...(await getCloseNodeInstructions(input())), ...(await retirement())]);
        expect(await read()).toBeNull();
        const { nodeCount, closedNodes } = await readParticipant(market, seller);
        expect([nodeCount, closedNodes]).toEqual([1, 1]);
        await expectRefusal(registerNode(market, seller, { index: 0 }), 'registry', 'NodeIndexOutOfOrder');
        const again = asOwner(await getMintLicenceInstructions(input()));
        expect(await refusalOf(again)).toMatchObject({ name: 'AccountNotInitialized' });
    });

    it('is retired after its holder burned it and closed the account', async () => {
        await burn();
        const { publicKey } = seller.owner;
        await asOwner([createCloseAccountInstruction(account, publicKey, publicKey, [], TOKEN_2022_PROGRAM_ID)]);
        await deactivate();
        await closeNode();
        const { events } = await send(market, await retirement());
        expect(events[0]).toMatchObject({ name: 'LicenceRetired', data: { burned: 0n } });
        expect(await lamportsOf(mint)).toBe(0);
    });

    it('pays its rent to nobody but the owner, and needs the account that holds it', async () => {
        const thief = testKeypair('thief');
        await fundWallet(market, thief);
        await deactivate();
        await closeNode();
        const [instruction] = await retirement();
        const replace = (address: PublicKey, by: PublicKey) => {
            const keys = instruction?.keys.map((key) => (key.pubkey.equals(address) ? { ...key, pubkey: by } : key));
            return send(market, [{ ...instruction, keys } as TransactionInstruction], [thief]);
        };
        await expectRefusal(replace(seller.owner.publicKey, thief.publicKey), 'registry', 'NotOwner');
        const other = await registerSeller(market, { name: 'thief' });
        expect(await refusalOf(replace(seller.address, other.address))).toMatchObject({ name: 'ConstraintSeeds' });
        expect(await refusalOf(replace(seller.address, mint))).toMatchObject({ name: 'ConstraintSeeds' });
        await expect(replace(account, thief.publicKey)).rejects.toThrow();
        expect((await read())?.holder).toEqual(seller.owner.publicKey);
    });

    it('is retired after its participant has closed', async () => {
        const { owner } = seller;
        await deactivate();
        await closeNode();
        await asOwner(await getRequestUnbondInstructions({ owner: owner.publicKey, amount: THOUSAND_TOKENS }));
        travel(market, TEST_PARAMS.unbondSecs);
        const { address: stakeMint, tokenProgram } = market.mint;
        const withdrawal = { owner: owner.publicKey, stakeMint, tokenProgram, slot: 0 };
        await asOwner(await getWithdrawUnbondedInstructions(withdrawal));
        await asOwner(await getExitParticipantInstructions({ owner: owner.publicKey }));
        await asOwner(await getCloseParticipantInstructions({ owner: owner.publicKey }));
        const { events } = await send(market, await retirement());
        expect(events[0]).toMatchObject({ name: 'LicenceRetired', data: { owner: owner.publicKey, burned: 1n } });
    });
});
