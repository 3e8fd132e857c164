import { type Bounty, fetchBounty, getRefundBountyInstructions, type WithAddress } from '@ocm/sdk';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    createMint,
    expectRefusal,
    mintTokens,
    ownerBalance,
    registerSeller,
    send,
    type TestMarket,
    type TestParticipant,
    THOUSAND_TOKENS,
    travel,
    travelTo,
} from '../../support/index.js';
import {
    type BountyMarket,
    claimBounty,
    createBounty,
    createBountyMarket,
    createHolder,
    HOLD_SECS,
    REWARD,
} from './bounties.js';

let stage: BountyMarket;
let market: TestMarket;
let contentProvider: TestParticipant;

beforeEach(async () => {
    stage = await createBountyMarket();
    ({ market, contentProvider } = stage);
});

describe('refund_bounty', () => {
    const build = (bounty: WithAddress<Bounty>) =>
        getRefundBountyInstructions({ payer: market.deployer.publicKey, bounty });
    const refund = async (bounty: WithAddress<Bounty>) => send(market, await build(bounty), [market.deployer]);

    it('returns the rest and the rent when the bounty has expired, cranked by anyone', async () => {
        const owner = contentProvider.owner.publicKey;
        const lamports = await market.connection.getBalance(owner);
        const bounty = await createBounty(stage);
        const holder = await createHolder(stage);
        travel(market, HOLD_SECS);
        await claimBounty(stage, bounty, holder);
        travelTo(market, bounty.expiresAt - 1n);
        await expectRefusal(refund(bounty), 'market', 'BountyRunning');
        travelTo(market, bounty.expiresAt);
        const { events } = await refund(bounty);
        expect(events).toEqual([
            {
                program: 'market',
                name: 'BountyRefunded',
                data: {
                    bounty: bounty.address,
                    contentProvider: contentProvider.address,
                    amount: REWARD,
                    paymentsMade: 1,
                },
            },
        ]);
        expect(await ownerBalance(market, market.mint, owner)).toBe(THOUSAND_TOKENS - REWARD);
        expect(await fetchBounty(market.connection, bounty.address)).toBeNull();
        expect(await market.connection.getAccountInfo(bounty.vault)).toBeNull();
        // The fee of one signature is all that is gone.
        expect(lamports - (await market.connection.getBalance(owner))).toBe(5_000);
    });

    it('may end a bounty that has paid all it can', async () => {
        const bounty = await createBounty(stage, { maxPayments: 1 });
        const holder = await createHolder(stage);
        travel(market, HOLD_SECS);
        await claimBounty(stage, bounty, holder);
        const { events } = await refund(bounty);
        expect(events).toMatchObject([{ name: 'BountyRefunded', data: { amount: 0n, paymentsMade: 1 } }]);
    });

    it('refuses accounts of another', async () => {
        const bounty = await createBounty(stage);
        travelTo(market, bounty.expiresAt);
        const other = await registerSeller(market, { name: 'other' });
        const mint = await createMint(market, { name: 'other mint' });
        const vault = await mintTokens(market, { mint: market.mint, owner: other.owner.publicKey, amount: 1n });
        const owner = other.owner.publicKey;
        await expectRefusal(refund({ ...bounty, owner }), 'market', 'WrongRecipient');
        await expectRefusal(refund({ ...bounty, rentPayer: owner }), 'market', 'WrongRentPayer');
        await expectRefusal(refund({ ...bounty, vault }), 'market', 'WrongVault');
        await expectRefusal(refund({ ...bounty, mint: mint.address }), 'market', 'WrongMint');
    });
});
