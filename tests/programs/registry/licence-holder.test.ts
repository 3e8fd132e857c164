import {
    fetchNode,
    findLicenceAccountAddress,
    getCloseNodeInstructions,
    getDeactivateNodeInstructions,
    getMintLicenceInstructions,
    getReactivateNodeInstructions,
    IDLS,
} from '@ocm/sdk';
import {
    createAssociatedTokenAccountInstruction,
    createTransferCheckedInstruction,
    getAssociatedTokenAddressSync,
    TOKEN_2022_PROGRAM_ID,
} from '@solana/spl-token';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    burnLicence,
    createLicensedNode,
    expectRefusal,
    fundWallet,
    type LicensedNode,
    readLicence,
    registerSeller,
    send,
    sendAsOwner,
    testKeypair,
} from '../../support/index.js';

describe('a licence that stands', () => {
    let licensed: LicensedNode;

    beforeEach(async () => {
        licensed = await createLicensedNode();
    });

    it('cannot be transferred: Token-2022 refuses', async () => {
        const { seller, mint, account } = licensed;
        const friend = testKeypair('friend').publicKey;
        const to = getAssociatedTokenAddressSync(mint, friend, true, TOKEN_2022_PROGRAM_ID);
        const { publicKey } = seller.owner;
        const open = createAssociatedTokenAccountInstruction(publicKey, to, friend, mint, TOKEN_2022_PROGRAM_ID);
        await sendAsOwner(licensed, [open]);
        const none: [] = [];
        const move = createTransferCheckedInstruction(account, mint, to, publicKey, 1, 0, none, TOKEN_2022_PROGRAM_ID);
        // NonTransferable is error 37 of Token-2022.
        await expect(sendAsOwner(licensed, [move])).rejects.toThrow('custom program error: 0x25');
        expect((await readLicence(licensed))?.holder).toEqual(publicKey);
    });

    it('is the holder’s to burn, which changes nothing of the node and brings no second one', async () => {
        const { market, node } = licensed;
        const before = await fetchNode(market.connection, node.address);
        await burnLicence(licensed);
        expect(await readLicence(licensed)).toMatchObject({ holder: null, name: 'OCM RELAY licence' });
        expect(await fetchNode(market.connection, node.address)).toEqual(before);
        const again = await getMintLicenceInstructions(licensed.input);
        await expectRefusal(sendAsOwner(licensed, again), 'registry', 'LicenceExists');
        await sendAsOwner(licensed, await getDeactivateNodeInstructions(licensed.input));
        await sendAsOwner(licensed, await getReactivateNodeInstructions(licensed.input));
    });

    it('gives its holder no power over the node, however it came to the token', async () => {
        const { market, node, account } = licensed;
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
            const taking = send(market, await attempt({ ...licensed.input, owner: other.owner.publicKey }), [
                other.owner,
            ]);
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
});
