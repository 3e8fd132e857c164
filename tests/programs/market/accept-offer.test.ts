import {
    type AcceptOfferInput,
    fetchCapacityClaim,
    fetchOffer,
    findContractAddress,
    getAcceptOfferInstructions,
} from '@ocm/sdk';
import { PublicKey } from '@solana/web3.js';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    acceptInput,
    acceptOffer,
    claimCapacity,
    corruptField,
    createMint,
    createTestOffer,
    expectRefusal,
    nowSecs,
    postOffer,
    readContract,
    registerContentProvider,
    registerNode,
    registerSeller,
    send,
    swapAccount,
    type TestTrade,
    testIssuer,
    testKeypair,
    tokenBalance,
    travel,
    u64Bytes,
} from '../../support/index.js';
import { acceptOfferUnchecked } from './unchecked.js';

const MAX_COMPUTE_UNITS = 200_000;

describe('accept_offer', () => {
    let trade: TestTrade;

    beforeEach(async () => {
        trade = await createTestOffer();
    });

    const input = (overrides: Partial<AcceptOfferInput> = {}) =>
        acceptInput(trade.market, trade.contentProvider, trade.offer, overrides);
    const build = async (overrides: Partial<AcceptOfferInput> = {}) => [acceptOfferUnchecked(await input(overrides))];
    const accept = async (overrides: Partial<AcceptOfferInput> = {}) =>
        send(trade.market, await build(overrides), [trade.contentProvider.owner]);

    it('proposes a contract under the terms of the offer and binds its capacity', async () => {
        const { market, contentProvider, seller, offer, claim } = trade;
        const instructions = await getAcceptOfferInstructions(await input({ nonce: 3n }));
        const { events, computeUnits } = await send(market, instructions, [contentProvider.owner]);
        const event = events.find(({ name }) => name === 'ContractProposed');
        const address = contractAddress(3n);
        const contract = await readContract(market, { address });
        // floor(200,000 kbit/s x 125 x 10 s x 7,000 / 10^9) + 100 = 1,850 per epoch, three epochs ahead.
        expect(event?.data).toMatchObject({
            contract: address,
            contentProvider: contentProvider.address,
            seller: seller.address,
            offer: offer.address,
            offerRemainingBefore: 500_000n,
            offerRemainingAfter: 400_000n,
            reserve: 5_550n,
            paramsHash: contract.paramsHash,
        });
        expect(contract).toMatchObject({
            nonce: 3n,
            issuer: [testIssuer.publicKey, PublicKey.default],
            claims: [claim.address],
            claimShares: [100_000n],
            splits: offer.splits,
            sla: offer.sla,
            feeBasisPoints: 200,
            treasury: market.treasury.publicKey,
            commitDelaySecs: 2,
            settleWindowSecs: 300,
            state: 'proposed',
            owed: new Array(9).fill(0n),
            rentPayer: contentProvider.owner.publicKey,
        });
        expect(await tokenBalance(market, contract.vault)).toBe(0n);
        expect((await fetchCapacityClaim(market.connection, claim.address))?.committedKilobitsPerSecond).toBe(100_000n);
        expect((await fetchOffer(market.connection, offer.address))?.remainingKilobitsPerSecond).toBe(400_000n);
        console.info(`accept_offer with one claim: ${computeUnits} compute units`);
        expect(computeUnits).toBeLessThan(MAX_COMPUTE_UNITS);
    });

    it('spreads its rate over four claims of different nodes within one transaction', async () => {
        const { market, seller, contentProvider } = trade;
        const claims = [];
        for (let place = 0; place < 4; place += 1) {
            claims.push(await claimCapacity(market, { seller, node: await registerNode(market, seller) }));
        }
        const addresses = claims.map(({ address }) => address);
        const offer = await postOffer(market, seller, { claims: addresses, index: 1 });
        const shares = [70_000n, 0n, 20_000n, 10_000n];
        const wanted = await acceptInput(market, contentProvider, offer, { claimShares: shares });
        const instructions = await getAcceptOfferInstructions(wanted);
        const { computeUnits } = await send(market, instructions, [contentProvider.owner]);
        const bound = await Promise.all(addresses.map((address) => fetchCapacityClaim(market.connection, address)));
        expect(bound.map((claim) => claim?.committedKilobitsPerSecond)).toEqual(shares);
        console.info(`accept_offer with four claims: ${computeUnits} compute units`);
        expect(computeUnits).toBeLessThan(2 * MAX_COMPUTE_UNITS);
    });

    const contractAddress = (nonce: bigint) =>
        findContractAddress({ contentProvider: trade.contentProvider.address, seller: trade.seller.address, nonce });

    const cases: [string, string, () => Partial<AcceptOfferInput>][] = [
        ['a cap below the rate', 'CapInvalid', () => ({ capKilobitsPerSecond: 99_999n })],
        ['a cap beyond 100 Tbit/s', 'CapInvalid', () => ({ capKilobitsPerSecond: 100_000_000_001n })],
        ['fewer epochs than offered', 'EpochCountInvalid', () => ({ epochCount: 0 })],
        ['more epochs than the history holds', 'EpochCountInvalid', () => ({ epochCount: 21_846 })],
        ['a beginning in the past', 'GenesisInvalid', () => ({ genesisAt: nowSecs(trade.market) - 1n })],
        ['a beginning in 31 days', 'GenesisInvalid', () => ({ genesisAt: nowSecs(trade.market) + 31n * 86_400n })],
        ['no issuer', 'IssuerMissing', () => ({ issuer: PublicKey.default })],
        ['shares that do not add up', 'SharesMismatch', () => ({ claimShares: [99_999n] })],
        ['a share of a claim that is not there', 'SharesMismatch', () => ({ claimShares: [99_999n, 1n] })],
        ['less than the least rate', 'CommittedRateOutOfRange', () => ({ committedKilobitsPerSecond: 999n })],
        [
            'more than the most rate',
            'CommittedRateOutOfRange',
            () => ({ committedKilobitsPerSecond: 400_001n, capKilobitsPerSecond: 400_001n }),
        ],
        ['a claim without its node', 'ClaimCountInvalid', () => ({ claims: [] })],
        [
            'another claim',
            'ClaimMismatch',
            () => ({ claims: [{ address: trade.offer.address, node: trade.node.address }] }),
        ],
        [
            'the node of another claim',
            'NodeMismatch',
            () => ({ claims: [{ address: trade.claim.address, node: trade.seller.address }] }),
        ],
    ];
    it.each(cases)('refuses %s', async (_what, error, overrides) => {
        await expectRefusal(accept(overrides()), 'market', error);
    });

    it('refuses an offer that has expired', async () => {
        travel(trade.market, 366 * 86_400);
        await expectRefusal(accept(), 'market', 'OfferExpired');
    });

    it('refuses more than the offer has left', async () => {
        const all = { committedKilobitsPerSecond: 400_000n, capKilobitsPerSecond: 400_000n };
        await acceptOffer(trade.market, trade.contentProvider, trade.offer, all);
        const rest = { committedKilobitsPerSecond: 100_001n };
        await expectRefusal(accept(rest), 'market', 'OfferExhausted');
        await accept({ committedKilobitsPerSecond: 100_000n });
    });

    it('refuses more than the claim has left', async () => {
        const { market, claim } = trade;
        const bytes = u64Bytes(400_001n);
        const field = 'committedKilobitsPerSecond';
        await corruptField(market, {
            program: 'market',
            account: 'CapacityClaim',
            address: claim.address,
            field,
            bytes,
        });
        await expectRefusal(accept(), 'market', 'ClaimExhausted');
    });

    it('refuses a claim that is retired', async () => {
        const { market, claim } = trade;
        const retired = { field: 'status', bytes: Uint8Array.of(1) };
        await corruptField(market, { program: 'market', account: 'CapacityClaim', address: claim.address, ...retired });
        await expectRefusal(accept(), 'market', 'ClaimNotActive');
    });

    it('refuses a contract that outlasts its claim', async () => {
        const { market, claim } = trade;
        const genesisAt = nowSecs(market) + 1n;
        const field = 'validUntil';
        const corrupt = (end: bigint) =>
            corruptField(market, {
                program: 'market',
                account: 'CapacityClaim',
                address: claim.address,
                field,
                bytes: u64Bytes(end),
            });
        await corrupt(genesisAt + 29n);
        await expectRefusal(accept({ genesisAt }), 'market', 'ClaimNotValidThroughout');
        await corrupt(genesisAt + 30n);
        await accept({ genesisAt });
    });

    it('refuses to act for another buyer', async () => {
        const other = await registerContentProvider(trade.market, { name: 'other buyer' });
        const swapped = swapAccount(await build(), trade.contentProvider.owner.publicKey, other.owner.publicKey);
        await expectRefusal(send(trade.market, swapped, [other.owner]), 'market', 'NotOwner');
    });

    it('refuses the offer of another seller', async () => {
        const other = await registerSeller(trade.market, { name: 'other seller' });
        const foreign = { ...trade.offer, participant: other.address };
        await expectRefusal(accept({ offer: foreign }), 'market', 'OfferOfAnotherParticipant');
    });

    it('refuses another mint', async () => {
        const mint = await createMint(trade.market, { name: 'other mint' });
        await expectRefusal(accept({ offer: { ...trade.offer, mint: mint.address } }), 'market', 'WrongMint');
    });

    it('lets someone else pay the rent and remembers who', async () => {
        const payer = testKeypair('payer');
        await trade.market.cluster.airdrop(payer.publicKey.toBase58(), 1_000_000_000n);
        const instructions = await getAcceptOfferInstructions({ ...(await input()), payer: payer.publicKey });
        await send(trade.market, instructions, [payer, trade.contentProvider.owner]);
        expect((await readContract(trade.market, { address: contractAddress(0n) })).rentPayer).toEqual(payer.publicKey);
    });
});
