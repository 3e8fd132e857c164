import {
    getCloseNodeInstructions,
    getCloseParticipantInstructions,
    getDeactivateNodeInstructions,
    getExitParticipantInstructions,
    getMintLicenceInstructions,
    getRequestUnbondInstructions,
    getWithdrawUnbondedInstructions,
} from '@ocm/sdk';
import { createCloseAccountInstruction, TOKEN_2022_PROGRAM_ID } from '@solana/spl-token';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    burnLicence,
    closeLicensedNode,
    createLicensedNode,
    expectRefusal,
    getRetirement,
    type LicensedNode,
    readLicence,
    readParticipant,
    refusalOf,
    registerNode,
    send,
    sendAsOwner,
    TEST_PARAMS,
    THOUSAND_TOKENS,
    travel,
} from '../../support/index.js';

describe('the licence of a closed node', () => {
    let licensed: LicensedNode;

    beforeEach(async () => {
        licensed = await createLicensedNode();
    });

    it('is retired by anyone once the node is closed, with its rent to the owner', async () => {
        const { market, seller, node, mint, account } = licensed;
        await closeLicensedNode(licensed);
        expect(await readLicence(licensed)).not.toBeNull();
        const rent = await market.connection.getBalance(mint);
        const before = await market.connection.getBalance(seller.owner.publicKey);
        const { events } = await send(market, await getRetirement(licensed));
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
        expect((await market.connection.getBalance(seller.owner.publicKey)) - before).toBe(rent);
        expect(await readLicence(licensed)).toBeNull();
        expect(await refusalOf(sendAsOwner(licensed, await getRetirement(licensed)))).toMatchObject({
            name: 'AccountNotInitialized',
        });
        const { publicKey } = seller.owner;
        await sendAsOwner(licensed, [
            createCloseAccountInstruction(account, publicKey, publicKey, [], TOKEN_2022_PROGRAM_ID),
        ]);
        expect(await market.connection.getBalance(account)).toBe(0);
    });

    it('goes with the node in one transaction, and the node’s number is used no more', async () => {
        const { market, seller } = licensed;
        await sendAsOwner(licensed, await getDeactivateNodeInstructions(licensed.input));
        await sendAsOwner(licensed, [
            ...(await getCloseNodeInstructions(licensed.input)),
            ...(await getRetirement(licensed)),
        ]);
        expect(await readLicence(licensed)).toBeNull();
        const { nodeCount, closedNodes } = await readParticipant(market, seller);
        expect([nodeCount, closedNodes]).toEqual([1, 1]);
        await expectRefusal(registerNode(market, seller, { index: 0 }), 'registry', 'NodeIndexOutOfOrder');
        const again = sendAsOwner(licensed, await getMintLicenceInstructions(licensed.input));
        expect(await refusalOf(again)).toMatchObject({ name: 'AccountNotInitialized' });
    });

    it('is retired after its holder burned it and closed the account', async () => {
        const { market, seller, mint, account } = licensed;
        await burnLicence(licensed);
        const { publicKey } = seller.owner;
        await sendAsOwner(licensed, [
            createCloseAccountInstruction(account, publicKey, publicKey, [], TOKEN_2022_PROGRAM_ID),
        ]);
        await closeLicensedNode(licensed);
        const { events } = await send(market, await getRetirement(licensed));
        expect(events[0]).toMatchObject({ name: 'LicenceRetired', data: { burned: 0n } });
        expect(await market.connection.getBalance(mint)).toBe(0);
    });

    it('is retired after its participant has closed', async () => {
        const { market, seller } = licensed;
        const { owner } = seller;
        await closeLicensedNode(licensed);
        await sendAsOwner(
            licensed,
            await getRequestUnbondInstructions({ owner: owner.publicKey, amount: THOUSAND_TOKENS }),
        );
        travel(market, TEST_PARAMS.unbondSecs);
        const { address: stakeMint, tokenProgram } = market.mint;
        const withdrawal = { owner: owner.publicKey, stakeMint, tokenProgram, slot: 0 };
        await sendAsOwner(licensed, await getWithdrawUnbondedInstructions(withdrawal));
        await sendAsOwner(licensed, await getExitParticipantInstructions({ owner: owner.publicKey }));
        await sendAsOwner(licensed, await getCloseParticipantInstructions({ owner: owner.publicKey }));
        const { events } = await send(market, await getRetirement(licensed));
        expect(events[0]).toMatchObject({ name: 'LicenceRetired', data: { owner: owner.publicKey, burned: 1n } });
    });
});
