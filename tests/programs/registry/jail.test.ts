import { getLeaveJailInstructions } from '@ocm/sdk';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    corruptField,
    createTestMarket,
    expectRefusal,
    fundWallet,
    nowSecs,
    readParticipant,
    registerSeller,
    send,
    swapAccount,
    type TestMarket,
    type TestParticipant,
    testKeypair,
    travel,
    u64Bytes,
} from '../../support/index.js';

const THIRTY_DAYS_SECS = 30n * 86_400n;

describe('leave_jail', () => {
    let market: TestMarket;
    let seller: TestParticipant;

    beforeEach(async () => {
        market = await createTestMarket();
        seller = await registerSeller(market);
    });

    const corrupt = (field: string, bytes: Uint8Array) =>
        corruptField(market, { program: 'registry', account: 'Participant', address: seller.address, field, bytes });
    const build = () => getLeaveJailInstructions({ owner: seller.owner.publicKey });
    const leave = async () => send(market, await build(), [seller.owner]);

    it('lets a participant act again thirty days after the slashes began, to the second', async () => {
        await corrupt('status', Uint8Array.of(1));
        await corrupt('slashWindowBeganAt', u64Bytes(nowSecs(market)));
        travel(market, THIRTY_DAYS_SECS - 1n);
        await expectRefusal(leave(), 'registry', 'JailNotServed');
        travel(market, 1);
        const { events } = await leave();
        expect(events).toEqual([{ program: 'registry', name: 'JailLeft', data: { participant: seller.address } }]);
        expect((await readParticipant(market, seller)).status).toBe('active');
    });

    it('refuses a participant that is not jailed', async () => {
        await expectRefusal(leave(), 'registry', 'ParticipantNotJailed');
    });

    it('refuses a signer that does not own the participant', async () => {
        const stranger = testKeypair('stranger');
        await fundWallet(market, stranger);
        const swapped = swapAccount(await build(), seller.owner.publicKey, stranger.publicKey);
        await expectRefusal(send(market, swapped, [stranger]), 'registry', 'NotOwner');
    });
});
