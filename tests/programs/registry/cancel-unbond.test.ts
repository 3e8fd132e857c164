import { buildInstruction, getCancelUnbondInstructions, getRequestUnbondInstructions } from '@ocm/sdk';
import type { Keypair } from '@solana/web3.js';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    createTestMarket,
    expectRefusal,
    readParticipant,
    registerContentProvider,
    registerSeller,
    send,
    type TestMarket,
    type TestParticipant,
} from '../../support/index.js';

describe('cancel_unbond', () => {
    let market: TestMarket;
    let seller: TestParticipant;

    beforeEach(async () => {
        market = await createTestMarket();
        seller = await registerSeller(market, { stake: 100n });
        for (const amount of [30n, 20n]) {
            const instructions = await getRequestUnbondInstructions({ owner: seller.owner.publicKey, amount });
            await send(market, instructions, [seller.owner]);
        }
    });

    /** Past the SDK's own checks, of any participant. */
    const cancelRaw = (signer: Keypair, slot: number) => {
        const accounts = { owner: signer.publicKey, participant: seller.address };
        return send(market, [buildInstruction('registry', 'cancelUnbond', accounts, { slot })], [signer]);
    };

    it('returns one amount and leaves the other in its place', async () => {
        const input = { owner: seller.owner.publicKey, slot: 0 };
        const { events } = await send(market, await getCancelUnbondInstructions(input), [seller.owner]);
        const { stakeFree, unbonding } = await readParticipant(market, seller);
        expect([stakeFree, unbonding]).toEqual([80n, [expect.objectContaining({ slot: 1, amount: 20n })]]);
        expect(events).toEqual([
            {
                program: 'registry',
                name: 'UnbondCancelled',
                data: {
                    participant: seller.address,
                    slot: 0,
                    amount: 30n,
                    stakeFreeBefore: 50n,
                    stakeFreeAfter: 80n,
                },
            },
        ]);
    });

    it('frees the place for the next request', async () => {
        const owner = seller.owner.publicKey;
        await send(market, await getCancelUnbondInstructions({ owner, slot: 0 }), [seller.owner]);
        await send(market, await getRequestUnbondInstructions({ owner, amount: 5n }), [seller.owner]);
        const { unbonding } = await readParticipant(market, seller);
        expect(unbonding.map(({ slot, amount }) => [slot, amount])).toEqual([
            [0, 5n],
            [1, 20n],
        ]);
    });

    it.each([2, 4, 255])('refuses place %i, which holds nothing', async (slot) => {
        await expectRefusal(cancelRaw(seller.owner, slot), 'registry', 'UnbondSlotEmpty');
    });

    it('refuses a signer that does not own the stake', async () => {
        const other = await registerContentProvider(market);
        await expectRefusal(cancelRaw(other.owner, 0), 'registry', 'NotOwner');
    });
});
