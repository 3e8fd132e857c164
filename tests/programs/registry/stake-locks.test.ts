import { describe, expect, it } from 'vitest';
import {
    bondContract,
    corruptField,
    createActiveContract,
    expectRefusal,
    readContract,
    readParticipant,
    releaseBond,
    THOUSAND_TOKENS,
    u64Bytes,
} from '../../support/index.js';

describe('lock_stake', () => {
    it('binds free stake to a contract, to the last unit', async () => {
        const { market, seller, contract } = await createActiveContract({ bond: 0n });
        await expectRefusal(
            bondContract(market, seller, contract, THOUSAND_TOKENS + 1n),
            'registry',
            'FreeStakeTooSmall',
        );
        const bonded = await bondContract(market, seller, contract, THOUSAND_TOKENS);
        expect([bonded.bondTotal, bonded.bondFree]).toEqual([THOUSAND_TOKENS, THOUSAND_TOKENS]);
        expect(await readParticipant(market, seller)).toMatchObject({ stakeFree: 0n, stakeLocked: THOUSAND_TOKENS });
    });
});

describe('unlock_stake', () => {
    it('frees the stake that a contract gives back', async () => {
        const trade = await createActiveContract({ bond: 10n });
        const { events } = await releaseBond(trade, 4n);
        expect(events).toContainEqual({
            program: 'registry',
            name: 'StakeUnlocked',
            data: {
                participant: trade.seller.address,
                amount: 4n,
                stakeFreeAfter: THOUSAND_TOKENS - 6n,
                stakeLockedAfter: 6n,
            },
        });
        const { bondTotal, bondFree } = await readContract(trade.market, trade.contract);
        expect([bondTotal, bondFree]).toEqual([6n, 6n]);
    });

    it('refuses to free more than is locked', async () => {
        const trade = await createActiveContract({ bond: 10n });
        await corruptField(trade.market, {
            program: 'registry',
            account: 'Participant',
            address: trade.seller.address,
            field: 'stakeLocked',
            bytes: u64Bytes(3n),
        });
        await expectRefusal(releaseBond(trade, 4n), 'registry', 'LockedStakeTooSmall');
    });
});
