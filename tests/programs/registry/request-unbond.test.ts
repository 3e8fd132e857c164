import { buildInstruction, findConfigAddress, getRequestUnbondInstructions } from '@ocm/sdk';
import type { Keypair } from '@solana/web3.js';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    CLOCK_MARGIN_SECS,
    createTestMarket,
    expectRefusal,
    nowSecs,
    readParticipant,
    registerContentProvider,
    registerSeller,
    send,
    TEST_PARAMS,
    type TestMarket,
    type TestParticipant,
} from '../../support/index.js';

describe('request_unbond', () => {
    let market: TestMarket;
    let seller: TestParticipant;

    beforeEach(async () => {
        market = await createTestMarket();
        seller = await registerSeller(market, { stake: 100n });
    });

    const request = async (amount: bigint) =>
        send(market, await getRequestUnbondInstructions({ owner: seller.owner.publicKey, amount }), [seller.owner]);

    /** Past the SDK's own checks, from any participant. */
    const requestRaw = (signer: Keypair, amount: bigint) => {
        const accounts = { owner: signer.publicKey, config: findConfigAddress(), participant: seller.address };
        return send(market, [buildInstruction('registry', 'requestUnbond', accounts, { amount })], [signer]);
    };

    it('moves free stake into an unbonding place that is ready after the unbonding period', async () => {
        const requestedAt = nowSecs(market);
        const { events } = await request(30n);
        const { stakeFree, unbonding } = await readParticipant(market, seller);
        const readyAt = unbonding[0]?.readyAt ?? 0n;
        const lateBySecs = readyAt - requestedAt - BigInt(TEST_PARAMS.unbondSecs);
        expect(lateBySecs).toBeGreaterThanOrEqual(0n - CLOCK_MARGIN_SECS);
        expect(lateBySecs).toBeLessThanOrEqual(CLOCK_MARGIN_SECS);
        expect([stakeFree, unbonding]).toEqual([70n, [{ slot: 0, amount: 30n, readyAt }]]);
        expect(events).toEqual([
            {
                program: 'registry',
                name: 'UnbondRequested',
                data: {
                    participant: seller.address,
                    slot: 0,
                    amount: 30n,
                    readyAt,
                    stakeFreeBefore: 100n,
                    stakeFreeAfter: 70n,
                },
            },
        ]);
    });

    it('refuses more than is free, to the unit', async () => {
        await expectRefusal(request(101n), 'registry', 'FreeStakeTooSmall');
        await request(100n);
        await expectRefusal(request(1n), 'registry', 'FreeStakeTooSmall');
    });

    it('refuses a fifth amount on its way out', async () => {
        for (let place = 0; place < 4; place++) await request(1n);
        await expectRefusal(request(1n), 'registry', 'UnbondSlotsFull');
        expect((await readParticipant(market, seller)).stakeFree).toBe(96n);
    });

    it('refuses nothing at all', async () => {
        await expectRefusal(requestRaw(seller.owner, 0n), 'registry', 'AmountZero');
    });

    it('refuses a signer that does not own the stake', async () => {
        const other = await registerContentProvider(market);
        await expectRefusal(requestRaw(other.owner, 1n), 'registry', 'NotOwner');
        await expectRefusal(requestRaw(seller.hot, 1n), 'registry', 'NotOwner');
    });
});
