import {
    type CreateLotInput,
    fetchLot,
    findLotAddress,
    findPriceHistoryAddress,
    getCreateLotInstructions,
    getOpenPriceHistoryInstructions,
    getPauseInstructions,
    getUnpauseInstructions,
} from '@ocm/sdk';
import { PublicKey } from '@solana/web3.js';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    corruptField,
    createMint,
    createTestMarket,
    expectRefusal,
    lotInput,
    mintTokens,
    nowSecs,
    registerContentProvider,
    registerSeller,
    send,
    swapAccount,
    TEST_SLA,
    type TestMarket,
    type TestParticipant,
    testKeypair,
} from '../../support/index.js';
import { createLotUnchecked } from './unchecked-auction.js';

const HOST_BITS = { kind: 1, prefixLength: 8, value: new Uint8Array(16).fill(127) };

describe('create_lot', () => {
    let market: TestMarket;
    let contentProvider: TestParticipant;

    beforeEach(async () => {
        market = await createTestMarket();
        contentProvider = await registerContentProvider(market);
    });

    const input = (overrides: Partial<CreateLotInput> = {}) => lotInput(market, contentProvider, overrides);
    const create = (overrides: object = {}) =>
        send(market, [createLotUnchecked({ ...input(), ...overrides })], [contentProvider.owner]);

    it('asks for bids under the terms given', async () => {
        const wanted = input({ nonce: 9n, verifiedOnly: true, deliveryMethods: ['multicast'] });
        const { events } = await send(market, await getCreateLotInstructions(wanted), [contentProvider.owner]);
        const address = findLotAddress({ contentProvider: contentProvider.address, nonce: 9n });
        const { owner: _owner, mint: _mint, tokenProgram: _program, ...stated } = wanted;
        expect(await fetchLot(market.connection, address)).toMatchObject({
            ...stated,
            address,
            contentProvider: contentProvider.address,
            rentPayer: contentProvider.owner.publicKey,
            status: 'open',
            bidCount: 0,
            openBids: 0,
            standings: [],
        });
        const { footprint: _footprint, deliveryMethods: _methods, ...told } = stated;
        const { nonce: _nonce, capBasisPoints: _cap, sla: _sla, issuer: _issuer, ...event } = told;
        expect(events).toMatchObject([
            { program: 'market', name: 'LotCreated', data: { lot: address, deliveryMethods: 2, ...event } },
        ]);
    });

    it('refuses new auctions while they are paused', async () => {
        const authority = market.guardian.publicKey;
        const until = nowSecs(market) + 100n;
        const pause = await getPauseInstructions({ authority, bits: ['auction'], until });
        await send(market, pause, [market.deployer, market.guardian]);
        await expectRefusal(create(), 'market', 'AuctionsPaused');
        const lift = await getUnpauseInstructions({ authority });
        await send(market, lift, [market.deployer, market.guardian]);
        await create();
    });

    it('refuses to act for another participant', async () => {
        const other = await registerContentProvider(market, { name: 'other buyer' });
        const own = [createLotUnchecked(input())];
        const instructions = swapAccount(own, contentProvider.owner.publicKey, other.owner.publicKey);
        await expectRefusal(send(market, instructions, [other.owner]), 'market', 'NotOwner');
    });

    it('refuses a seller', async () => {
        contentProvider = await registerSeller(market);
        await expectRefusal(create(), 'market', 'NotContentProvider');
    });

    it('refuses a jailed content provider', async () => {
        const { address } = contentProvider;
        const field = { field: 'status', bytes: Uint8Array.of(1) };
        await corruptField(market, { program: 'registry', account: 'Participant', address, ...field });
        await expectRefusal(create(), 'market', 'ParticipantNotActive');
    });

    it('refuses a mint that is not allowed', async () => {
        const mint = await createMint(market, { name: 'other mint' });
        await mintTokens(market, { mint, owner: contentProvider.owner.publicKey, amount: 1n });
        await expectRefusal(create({ mint: mint.address }), 'market', 'MintNotAllowed');
    });

    const tooManyTiers = { ...TEST_SLA, maxPenaltyBasisPoints: 10_001 };
    const cases: [string, string, () => object][] = [
        ['an epoch length of its own', 'EpochLengthNotAllowed', () => ({ epochLengthSecs: 11 })],
        ['a footprint with host bits', 'FootprintNotCanonical', () => ({ storedFootprint: HOST_BITS })],
        ['no method of delivery', 'DeliveryMethodsInvalid', () => ({ storedMethods: 0 })],
        ['an unknown method of delivery', 'DeliveryMethodsInvalid', () => ({ storedMethods: 4 })],
        ['two units', 'LotSizeInvalid', () => ({ kilobitsPerSecond: 100_000n })],
        ['a part of a unit', 'LotSizeInvalid', () => ({ kilobitsPerSecond: 300_001n })],
        ['a unit of zero', 'LotSizeInvalid', () => ({ unitKilobitsPerSecond: 0n })],
        ['more than any site carries', 'LotSizeInvalid', () => ({ kilobitsPerSecond: 50_000_050_000n })],
        ['a short time for bids', 'LotTimesInvalid', () => ({ commitEndsAt: nowSecs(market) + 9n })],
        ['a short time to reveal', 'LotTimesInvalid', () => ({ revealEndsAt: nowSecs(market) + 29n })],
        ['a short time to contract', 'LotTimesInvalid', () => ({ genesisAt: nowSecs(market) + 49n })],
        ['a begin in 31 days', 'LotTimesInvalid', () => ({ genesisAt: nowSecs(market) + 31n * 86_400n })],
        ['a cap below the rate', 'CapShareInvalid', () => ({ capBasisPoints: 9_999 })],
        ['a cap above ten times the rate', 'CapShareInvalid', () => ({ capBasisPoints: 100_001 })],
        ['no epochs', 'EpochCountInvalid', () => ({ epochCount: 0 })],
        ['more epochs than a history holds', 'EpochCountInvalid', () => ({ epochCount: 21_846 })],
        ['a reserve price of zero', 'PriceZero', () => ({ reservePricePerGigabyte: 0n })],
        ['a deposit of zero', 'AmountZero', () => ({ bidDeposit: 0n })],
        ['no issuer', 'IssuerMissing', () => ({ issuer: PublicKey.default })],
        ['more than 100 % penalty', 'SlaInvalid', () => ({ sla: tooManyTiers })],
        [
            'a price that no reserve can hold',
            'AmountOverflow',
            () => ({ reservePricePerGigabyte: (1n << 64n) - 1n, epochLengthSecs: 3_600, ...hours() }),
        ],
    ];
    const hours = () => {
        const now = nowSecs(market);
        // An epoch each, and room for a clock that goes on meanwhile.
        return { commitEndsAt: now + 4_000n, revealEndsAt: now + 8_000n, genesisAt: now + 12_000n };
    };
    it.each(cases)('refuses %s', async (_what, error, overrides) => {
        await expectRefusal(create(overrides()), 'market', error);
    });
});

describe('open_price_history', () => {
    it('is made once for a footprint, method and mint', async () => {
        const market = await createTestMarket();
        const payer = market.deployer.publicKey;
        // A prefix of its own: on a chain that tests share the history of any other may stand already.
        const groups = Buffer.from(testKeypair('prefix').publicKey.toBytes()).toString('hex').slice(0, 8);
        const value = `2001:db8:${groups.slice(0, 4)}:${groups.slice(4)}::/64`;
        const key = {
            mint: market.mint.address,
            footprint: { kind: 'ipv6cidr', value },
            deliveryMethods: ['multicast'],
        } as const;
        const instructions = await getOpenPriceHistoryInstructions({ payer, ...key });
        const { events } = await send(market, instructions, [market.deployer]);
        const priceHistory = findPriceHistoryAddress(key);
        expect(events).toMatchObject([
            { name: 'PriceHistoryOpened', data: { priceHistory, deliveryMethods: 2, mint: key.mint } },
        ]);
        await expect(send(market, instructions, [market.deployer])).rejects.toThrow(
            /already in use|custom program error: 0x0/i,
        );
    });
});
