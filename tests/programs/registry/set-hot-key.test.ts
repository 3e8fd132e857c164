import { buildInstruction, getSetHotKeyInstructions } from '@ocm/sdk';
import { type Keypair, PublicKey } from '@solana/web3.js';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    CLOCK_MARGIN_SECS,
    createTestMarket,
    expectRefusal,
    fundWallet,
    nowSecs,
    readParticipant,
    registerSeller,
    send,
    type TestMarket,
    type TestParticipant,
    testKeypair,
} from '../../support/index.js';

const hot = testKeypair('new hot').publicKey;
const THIRTY_DAYS_SECS = 30n * 86_400n;

describe('set_hot_key', () => {
    let market: TestMarket;
    let seller: TestParticipant;

    beforeEach(async () => {
        market = await createTestMarket();
        seller = await registerSeller(market);
    });

    /** Past the SDK's own checks. */
    const setRaw = (args: { hot: PublicKey; scope: number; expiresAt: bigint }, owner: Keypair = seller.owner) =>
        send(
            market,
            [
                buildInstruction(
                    'registry',
                    'setHotKey',
                    { owner: owner.publicKey, participant: seller.address },
                    { args },
                ),
            ],
            [owner],
        );

    it('names a key with its permissions until exactly thirty days ahead', async () => {
        const owner = seller.owner.publicKey;
        const expiresAt = nowSecs(market) + THIRTY_DAYS_SECS - CLOCK_MARGIN_SECS;
        const hotKey = { address: hot, scopes: ['commit', 'prove'] as const, expiresAt };
        const { events } = await send(market, await getSetHotKeyInstructions({ owner, hotKey }), [seller.owner]);
        expect(await readParticipant(market, seller)).toMatchObject({ hot, hotScope: 5, hotExpiresAt: expiresAt });
        expect(events).toEqual([
            {
                program: 'registry',
                name: 'HotKeySet',
                data: {
                    participant: seller.address,
                    hotBefore: seller.hot.publicKey,
                    hotAfter: hot,
                    scope: 5,
                    expiresAt,
                },
            },
        ]);
    });

    it('removes the key', async () => {
        const owner = seller.owner.publicKey;
        await send(market, await getSetHotKeyInstructions({ owner, hotKey: null }), [seller.owner]);
        const removed = { hot: PublicKey.default, hotScope: 0, hotExpiresAt: 0n };
        expect(await readParticipant(market, seller)).toMatchObject(removed);
    });

    it('refuses a signer that does not own the participant', async () => {
        const stranger = testKeypair('stranger');
        await fundWallet(market, stranger);
        const args = { hot, scope: 1, expiresAt: nowSecs(market) + 60n };
        await expectRefusal(setRaw(args, stranger), 'registry', 'NotOwner');
    });

    it('refuses the hot key itself as signer', async () => {
        const args = { hot, scope: 1, expiresAt: nowSecs(market) + 60n };
        await expectRefusal(setRaw(args, seller.hot), 'registry', 'NotOwner');
    });

    it('refuses the owner as its own hot key', async () => {
        const args = { hot: seller.owner.publicKey, scope: 1, expiresAt: nowSecs(market) + 60n };
        await expectRefusal(setRaw(args), 'registry', 'HotKeyInvalid');
    });

    it.each([0, 16, 0xffff])('refuses the scope %i', async (scope) => {
        const expiresAt = nowSecs(market) + 60n;
        await expectRefusal(setRaw({ hot, scope, expiresAt }), 'registry', 'HotScopeInvalid');
    });

    it.each([0n - CLOCK_MARGIN_SECS, THIRTY_DAYS_SECS + 1n + CLOCK_MARGIN_SECS])(
        'refuses an expiry %i seconds ahead',
        async (ahead) => {
            const expiresAt = nowSecs(market) + ahead;
            await expectRefusal(setRaw({ hot, scope: 1, expiresAt }), 'registry', 'HotExpiryInvalid');
        },
    );

    it('refuses a removal that keeps permissions or an expiry', async () => {
        const none = { hot: PublicKey.default, scope: 0, expiresAt: 0n };
        await expectRefusal(setRaw({ ...none, scope: 1 }), 'registry', 'HotScopeInvalid');
        await expectRefusal(setRaw({ ...none, expiresAt: 1n }), 'registry', 'HotExpiryInvalid');
    });
});
