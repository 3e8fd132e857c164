import { findBountyAddress, getCreateBountyInstructions } from '@ocm/sdk';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    createMint,
    expectRefusal,
    mintTokens,
    nowSecs,
    ownerBalance,
    registerContentProvider,
    registerSeller,
    send,
    swapAccount,
    type TestMarket,
    type TestParticipant,
    THOUSAND_TOKENS,
    tokenBalance,
} from '../../support/index.js';
import {
    type BountyMarket,
    bountyInput,
    corruptParticipant,
    createBountyMarket,
    HOLD_SECS,
    REWARD,
    readBounty,
} from './bounties.js';
import { createBountyUnchecked } from './unchecked-auction.js';

const HOST_BITS = { kind: 1, prefixLength: 8, value: new Uint8Array(16).fill(127) };

let stage: BountyMarket;
let market: TestMarket;
let contentProvider: TestParticipant;

beforeEach(async () => {
    stage = await createBountyMarket();
    ({ market, contentProvider } = stage);
});

describe('create_bounty', () => {
    const create = (overrides: object = {}) =>
        send(market, [createBountyUnchecked({ ...bountyInput(stage), ...overrides })], [stage.contentProvider.owner]);

    it('puts all rewards in escrow', async () => {
        const wanted = bountyInput(stage, { nonce: 4n });
        const { events } = await send(market, await getCreateBountyInstructions(wanted), [contentProvider.owner]);
        const address = findBountyAddress({ contentProvider: contentProvider.address, nonce: 4n });
        const bounty = await readBounty(stage, address);
        expect(bounty).toMatchObject({
            ...wanted,
            contentProvider: contentProvider.address,
            deliveryMethods: ['unicast'],
            sellers: [],
        });
        expect(await tokenBalance(market, bounty.vault)).toBe(2n * REWARD);
        const owner = contentProvider.owner.publicKey;
        expect(await ownerBalance(market, market.mint, owner)).toBe(THOUSAND_TOKENS - 2n * REWARD);
        expect(events).toMatchObject([
            {
                program: 'market',
                name: 'BountyCreated',
                data: {
                    bounty: address,
                    contentProvider: contentProvider.address,
                    kilobitsPerSecond: 200_000n,
                    holdSecs: HOLD_SECS,
                    reward: REWARD,
                    maxPayments: 2,
                },
            },
        ]);
    });

    it('refuses to act for another participant', async () => {
        const other = await registerContentProvider(market, { name: 'other buyer' });
        const own = [createBountyUnchecked(bountyInput(stage))];
        const instructions = swapAccount(own, contentProvider.owner.publicKey, other.owner.publicKey);
        await expectRefusal(send(market, instructions, [other.owner]), 'market', 'NotOwner');
    });

    it('refuses a seller', async () => {
        stage = { market, contentProvider: await registerSeller(market) };
        await expectRefusal(create(), 'market', 'NotContentProvider');
    });

    it('refuses a jailed content provider', async () => {
        await corruptParticipant(stage, contentProvider.address, 'status', Uint8Array.of(1));
        await expectRefusal(create(), 'market', 'ParticipantNotActive');
    });

    it('refuses a mint that is not allowed', async () => {
        const mint = await createMint(market, { name: 'other mint' });
        await mintTokens(market, { mint, owner: contentProvider.owner.publicKey, amount: 10n * REWARD });
        await expectRefusal(create({ mint: mint.address }), 'market', 'MintNotAllowed');
    });

    const cases: [string, string, () => object][] = [
        ['a footprint with host bits', 'FootprintNotCanonical', () => ({ storedFootprint: HOST_BITS })],
        ['no method of delivery', 'DeliveryMethodsInvalid', () => ({ storedMethods: 0 })],
        ['a rate of zero', 'RateOutOfRange', () => ({ kilobitsPerSecond: 0n })],
        ['more than any site carries', 'RateOutOfRange', () => ({ kilobitsPerSecond: 100_000_000_001n })],
        ['a reward of zero', 'AmountZero', () => ({ reward: 0n })],
        ['no payments', 'BountyCountInvalid', () => ({ maxPayments: 0 })],
        ['33 payments', 'BountyCountInvalid', () => ({ maxPayments: 33 })],
        ['an end before capacity can be held', 'BountyTimesInvalid', () => ({ expiresAt: nowSecs(market) + 30n })],
        ['more rewards than there is money', 'AmountOverflow', () => ({ reward: 1n << 63n })],
    ];
    it.each(cases)('refuses %s', async (_what, error, overrides) => {
        await expectRefusal(create(overrides()), 'market', error);
    });
});
