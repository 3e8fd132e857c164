import { getCommitDeliveryInstructions } from '@ocm/sdk';
import { describe, expect, it } from 'vitest';
import {
    commitDelivery,
    commitInput,
    corruptField,
    cosignDelivery,
    createActiveContract,
    expectRefusal,
    readParticipant,
    send,
    settleDelivery,
    THOUSAND_TOKENS,
    travelToCommit,
    u64Bytes,
} from '../../support/index.js';

/** 100 MB at 5 000 base units per gigabyte. */
const GROSS = 500n;
/** Twice the gross, as `slashMultiplierBasisPoints` says. */
const LOCK = 1_000n;

describe('lock_stake', () => {
    it('binds free stake to a delivery commitment', async () => {
        const trade = await createActiveContract();
        travelToCommit(trade);
        const instructions = await getCommitDeliveryInstructions(commitInput(trade));
        const { events } = await send(trade.market, instructions, [trade.seller.hot]);
        expect(events).toContainEqual({
            program: 'registry',
            name: 'StakeLocked',
            data: {
                participant: trade.seller.address,
                amount: LOCK,
                stakeFreeAfter: THOUSAND_TOKENS - LOCK,
                stakeLockedAfter: LOCK,
            },
        });
        expect(await readParticipant(trade.market, trade.seller)).toMatchObject({
            stakeFree: THOUSAND_TOKENS - LOCK,
            stakeLocked: LOCK,
            activeCommitments: 1,
        });
    });

    it('refuses a commitment that the free stake does not cover, by one unit', async () => {
        const trade = await createActiveContract();
        const { address } = trade.seller;
        const stake = { program: 'registry', account: 'Participant', address, field: 'stakeFree' } as const;
        await corruptField(trade.market, { ...stake, bytes: u64Bytes(LOCK - 1n) });
        await expectRefusal(commitDelivery(trade), 'registry', 'FreeStakeTooSmall');
        await corruptField(trade.market, { ...stake, bytes: u64Bytes(LOCK) });
        expect(await commitDelivery(trade)).toMatchObject({ gross: GROSS, lock: LOCK });
    });
});

describe('unlock_stake', () => {
    it('frees the stake when the delivery is settled', async () => {
        const trade = await createActiveContract();
        const commitment = await commitDelivery(trade);
        await cosignDelivery(trade, commitment);
        const { events } = await settleDelivery(trade, commitment);
        expect(events).toContainEqual({
            program: 'registry',
            name: 'StakeUnlocked',
            data: {
                participant: trade.seller.address,
                amount: LOCK,
                stakeFreeAfter: THOUSAND_TOKENS,
                stakeLockedAfter: 0n,
            },
        });
        expect(await readParticipant(trade.market, trade.seller)).toMatchObject({
            stakeFree: THOUSAND_TOKENS,
            stakeLocked: 0n,
            activeCommitments: 0,
        });
    });

    it('refuses to free more than is locked', async () => {
        const trade = await createActiveContract();
        const commitment = await commitDelivery(trade);
        await cosignDelivery(trade, commitment);
        await corruptField(trade.market, {
            program: 'registry',
            account: 'Participant',
            address: trade.seller.address,
            field: 'stakeLocked',
            bytes: u64Bytes(LOCK - 1n),
        });
        await expectRefusal(settleDelivery(trade, commitment), 'registry', 'LockedStakeTooSmall');
    });
});
