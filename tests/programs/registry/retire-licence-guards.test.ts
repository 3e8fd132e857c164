import { getDeactivateNodeInstructions } from '@ocm/sdk';
import {
    createApproveInstruction,
    createEnableCpiGuardInstruction,
    createReallocateInstruction,
    ExtensionType,
    TOKEN_2022_PROGRAM_ID,
} from '@solana/spl-token';
import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    closeLicensedNode,
    createLicensedNode,
    expectRefusal,
    fundWallet,
    getRetirement,
    type LicensedNode,
    readLicence,
    refusalOf,
    registerSeller,
    send,
    sendAsOwner,
    testKeypair,
} from '../../support/index.js';

describe('a licence', () => {
    let licensed: LicensedNode;

    beforeEach(async () => {
        licensed = await createLicensedNode();
    });

    it('stays while the node stands, active or not', async () => {
        await expectRefusal(sendAsOwner(licensed, await getRetirement(licensed)), 'registry', 'NodeNotClosed');
        await sendAsOwner(licensed, await getDeactivateNodeInstructions(licensed.input));
        await expectRefusal(sendAsOwner(licensed, await getRetirement(licensed)), 'registry', 'NodeNotClosed');
    });

    it('is retired though its holder has guarded the account against calls of programs', async () => {
        const { market, seller, account } = licensed;
        const { publicKey } = seller.owner;
        const guard = [ExtensionType.CpiGuard];
        await sendAsOwner(licensed, [
            createReallocateInstruction(account, publicKey, guard, publicKey, [], TOKEN_2022_PROGRAM_ID),
            createEnableCpiGuardInstruction(account, publicKey, [], TOKEN_2022_PROGRAM_ID),
            createApproveInstruction(account, market.deployer.publicKey, publicKey, 1, [], TOKEN_2022_PROGRAM_ID),
        ]);
        await closeLicensedNode(licensed);
        const { events } = await send(market, await getRetirement(licensed));
        expect(events[0]).toMatchObject({ name: 'LicenceRetired', data: { burned: 1n } });
    });

    it('pays its rent to nobody but the owner, and needs the account that holds it', async () => {
        const { market, seller, mint, account } = licensed;
        const thief = testKeypair('thief');
        await fundWallet(market, thief);
        await closeLicensedNode(licensed);
        const [instruction] = await getRetirement(licensed);
        const replace = (address: PublicKey, by: PublicKey) => {
            const keys = instruction?.keys.map((key) => (key.pubkey.equals(address) ? { ...key, pubkey: by } : key));
            return send(market, [{ ...instruction, keys } as TransactionInstruction], [thief]);
        };
        await expectRefusal(replace(seller.owner.publicKey, thief.publicKey), 'registry', 'NotOwner');
        const other = await registerSeller(market, { name: 'thief' });
        expect(await refusalOf(replace(seller.address, other.address))).toMatchObject({ name: 'ConstraintSeeds' });
        expect(await refusalOf(replace(seller.address, mint))).toMatchObject({ name: 'ConstraintSeeds' });
        // Which of the two it says depends on the release of Token-2022.
        await expect(replace(account, thief.publicKey)).rejects.toThrow(/incorrect program id|invalid account data/);
        expect((await readLicence(licensed))?.holder).toEqual(seller.owner.publicKey);
    });
});
