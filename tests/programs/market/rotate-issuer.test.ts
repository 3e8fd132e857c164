import { buildInstruction, getRotateIssuerInstructions } from '@ocm/sdk';
import { PublicKey } from '@solana/web3.js';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    corruptField,
    createActiveContract,
    expectRefusal,
    type FundedTrade,
    readContract,
    registerContentProvider,
    send,
    swapAccount,
    testIssuer,
    testKeypair,
    travelTo,
} from '../../support/index.js';

const next = testKeypair('next issuer').publicKey;

describe('rotate_issuer', () => {
    let trade: FundedTrade;

    beforeEach(async () => {
        trade = await createActiveContract();
    });

    const build = (slot: number, fromEpoch: number, owner = trade.contentProvider.owner) =>
        getRotateIssuerInstructions({
            contentProviderOwner: owner.publicKey,
            contract: trade.contract.address,
            slot,
            issuer: next,
            fromEpoch,
        });
    const rotate = async (slot: number, fromEpoch: number) =>
        send(trade.market, await build(slot, fromEpoch), [trade.contentProvider.owner]);
    /** Past the SDK's own checks. */
    const rotateUnchecked = (args: { slot: number; issuer: PublicKey; fromEpoch: number }) => {
        const { contentProvider, contract, market } = trade;
        const owner = contentProvider.owner.publicKey;
        const accounts = { owner, contentProvider: contentProvider.address, contract: contract.address };
        return send(market, [buildInstruction('market', 'rotateIssuer', accounts, { args })], [contentProvider.owner]);
    };

    it('names the key of later epochs and keeps the present one', async () => {
        const { events } = await rotate(1, 2);
        expect(await readContract(trade.market, trade.contract)).toMatchObject({
            issuer: [testIssuer.publicKey, next],
            issuerFromEpoch: [0, 2],
        });
        expect(events).toEqual([
            {
                program: 'market',
                name: 'IssuerRotated',
                data: {
                    contract: trade.contract.address,
                    slot: 1,
                    issuerBefore: PublicKey.default,
                    issuerAfter: next,
                    fromEpoch: 2,
                },
            },
        ]);
    });

    it('refuses to replace the key in force', async () => {
        await expectRefusal(rotate(0, 1), 'market', 'IssuerInForce');
        await rotate(1, 1);
        travelTo(trade.market, trade.contract.genesisAt + 10n);
        await expectRefusal(rotate(1, 2), 'market', 'IssuerInForce');
        await rotate(0, 2);
    });

    it('refuses the present epoch and one before an epoch named already', async () => {
        await expectRefusal(rotateUnchecked({ slot: 1, issuer: next, fromEpoch: 0 }), 'market', 'IssuerEpochInvalid');
        await rotate(1, 2);
        await expectRefusal(rotate(1, 1), 'market', 'IssuerEpochInvalid');
    });

    it('refuses a third slot and no key at all', async () => {
        await expectRefusal(rotateUnchecked({ slot: 2, issuer: next, fromEpoch: 1 }), 'market', 'IssuerSlotInvalid');
        const nobody = { slot: 1, issuer: PublicKey.default, fromEpoch: 1 };
        await expectRefusal(rotateUnchecked(nobody), 'market', 'IssuerMissing');
    });

    it('refuses everyone but the content provider', async () => {
        const other = await registerContentProvider(trade.market, { name: 'other buyer' });
        const foreign = await build(1, 1, other.owner);
        await expectRefusal(send(trade.market, foreign, [other.owner]), 'market', 'NotContentProvider');
        const swapped = swapAccount(await build(1, 1), trade.contentProvider.owner.publicKey, other.owner.publicKey);
        await expectRefusal(send(trade.market, swapped, [other.owner]), 'market', 'NotOwner');
    });

    it('refuses a contract that has ended', async () => {
        const { address } = trade.contract;
        const ended = { field: 'state', bytes: Uint8Array.of(4) };
        await corruptField(trade.market, { program: 'market', account: 'Contract', address, ...ended });
        await expectRefusal(rotate(1, 1), 'market', 'ContractStateInvalid');
    });
});
