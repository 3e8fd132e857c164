import {
    computeClearing,
    computeLotSeed,
    fetchBid,
    fetchLot,
    fetchNode,
    fetchPriceHistory,
    findBidAddress,
    findPriceHistoryAddress,
    getCloseLotInstructions,
} from '@ocm/sdk';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
    awardBid,
    BID_DEPOSIT,
    commitBid,
    commitmentOf,
    createTestLot,
    joinAuction,
    ownerBalance,
    RESERVE_PRICE,
    readBid,
    readContract,
    readLot,
    releaseDeposit,
    revealBid,
    runAuction,
    send,
    type TestAuction,
    type TestBidder,
    THOUSAND_TOKENS,
    TOKEN_PROGRAMS,
    type TokenProgramName,
    testIssuer,
    tokenBalance,
    travelTo,
} from '../../support/index.js';

const tokensOf = ({ market }: TestAuction, { seller }: TestBidder) =>
    ownerBalance(market, market.mint, seller.owner.publicKey);

/** Four sellers of two units each for a lot of six. */
async function joinAll(auction: TestAuction, prices: readonly bigint[]): Promise<TestBidder[]> {
    const bidders: TestBidder[] = [];
    for (const [place, pricePerGigabyte] of prices.entries()) {
        bidders.push(await joinAuction(auction, { name: `bidder ${'i'.repeat(place + 1)}`, pricePerGigabyte }));
    }
    return bidders;
}

describe.each(Object.keys(TOKEN_PROGRAMS) as TokenProgramName[])('a lot in %s', (name) => {
    it('is sold at the first rejected price, and every deposit and all rent return', async () => {
        const auction = await createTestLot({ tokenProgram: TOKEN_PROGRAMS[name] });
        const { market, contentProvider } = auction;
        const bidders = await joinAll(auction, [7_000n, 5_000n, 6_500n, 6_000n]);
        const [dearest, ...winners] = bidders as [TestBidder, ...TestBidder[]];
        const lot = await runAuction(auction, bidders);
        expect(lot).toMatchObject({
            status: 'cleared',
            clearingPricePerGigabyte: 7_000n,
            awardedKilobitsPerSecond: 300_000n,
            openBids: 4,
        });
        expect(lot.standings.map(({ pricePerGigabyte }) => pricePerGigabyte)).toEqual([5_000n, 6_000n, 6_500n, 7_000n]);

        for (const winner of winners) {
            const { events } = await awardBid(auction, winner);
            const bid = await readBid(auction, winner);
            const contract = await readContract(market, { address: bid.contract });
            expect(contract).toMatchObject({
                state: 'proposed',
                contentProvider: contentProvider.address,
                seller: winner.seller.address,
                offer: bid.address,
                pricePerGigabyte: [7_000n, 7_000n, 0n],
                committedKilobitsPerSecond: 100_000n,
                capKilobitsPerSecond: 200_000n,
                claims: [winner.claim.address],
                claimShares: [100_000n],
                genesisAt: lot.genesisAt,
                epochCount: 3,
                sla: lot.sla,
                splits: [{ payee: winner.seller.owner.publicKey, basisPoints: 10_000 }],
            });
            expect(contract.issuer[0]).toEqual(testIssuer.publicKey);
            expect(events).toContainEqual({
                program: 'market',
                name: 'BidAwarded',
                data: {
                    lot: lot.address,
                    bid: bid.address,
                    bidder: winner.seller.address,
                    contract: contract.address,
                    awardedKilobitsPerSecond: 100_000n,
                    pricePerGigabyte: 7_000n,
                },
            });
            const node = await fetchNode(market.connection, winner.claim.node);
            expect(node?.committedKilobitsPerSecond).toBe(100_000n);
        }
        for (const bidder of [dearest, ...winners]) {
            await releaseDeposit(auction, bidder, bidder.seller);
            expect(await tokensOf(auction, bidder)).toBe(THOUSAND_TOKENS);
            const address = findBidAddress({ lot: lot.address, bidder: bidder.seller.address });
            expect(await fetchBid(market.connection, address)).toBeNull();
        }
        expect(await tokenBalance(market, lot.vault)).toBe(0n);

        const owner = contentProvider.owner.publicKey;
        const before = await market.connection.getBalance(owner);
        const input = { payer: market.deployer.publicKey, contentProviderOwner: owner, lot };
        const rent = (await market.connection.getAccountInfo(lot.address))!.lamports;
        const vaultRent = (await market.connection.getAccountInfo(lot.vault))!.lamports;
        const { events } = await send(market, await getCloseLotInstructions(input), [market.deployer]);
        expect(events).toEqual([
            { program: 'market', name: 'LotClosed', data: { lot: lot.address, rentPayer: owner, leftOver: 0n } },
        ]);
        expect(await fetchLot(market.connection, lot.address)).toBeNull();
        expect((await market.connection.getBalance(owner)) - before).toBe(rent + vaultRent);
    });
});

describe('clear_lot', () => {
    it('prices at the reserve where every bid wins, and writes the price history', async () => {
        const auction = await createTestLot();
        const { market } = auction;
        const lot = await runAuction(auction, await joinAll(auction, [4_000n, RESERVE_PRICE]));
        expect(lot).toMatchObject({
            clearingPricePerGigabyte: RESERVE_PRICE,
            awardedKilobitsPerSecond: 200_000n,
            clearedAt: lot.revealEndsAt,
        });
        expect(await fetchPriceHistory(market.connection, findPriceHistoryAddress(lot))).toMatchObject({
            footprint: lot.footprint,
            deliveryMethods: ['unicast'],
            mint: market.mint.address,
            count: 1n,
            clearings: [{ pricePerGigabyte: RESERVE_PRICE, kilobitsPerSecond: 200_000n, at: lot.revealEndsAt }],
        });
    });

    it('writes no price where nothing was sold', async () => {
        const auction = await createTestLot();
        const lot = await runAuction(auction, []);
        expect(lot).toMatchObject({ status: 'cleared', awardedKilobitsPerSecond: 0n });
        const history = await fetchPriceHistory(auction.market.connection, findPriceHistoryAddress(lot));
        expect(history).toMatchObject({ count: 0n, clearings: [] });
    });

    it('pays the price of a bid that won in part to all, its rest being the first unit rejected', async () => {
        // Six units: two and two are cheaper, the third bidder wants two and gets two of the one unit left of five.
        const auction = await createTestLot({ lot: { kilobitsPerSecond: 350_000n } });
        const bidders = await joinAll(auction, [5_000n, 5_500n, 6_000n, 8_000n]);
        const lot = await runAuction(auction, bidders);
        expect(lot.standings.map(({ awardedKilobitsPerSecond }) => awardedKilobitsPerSecond)).toEqual([
            100_000n,
            100_000n,
            100_000n,
            50_000n,
        ]);
        expect(lot.clearingPricePerGigabyte).toBe(8_000n);
        await awardBid(auction, bidders[3]!);
        const { contract } = await readBid(auction, bidders[3]!);
        expect(await readContract(auction.market, { address: contract })).toMatchObject({
            committedKilobitsPerSecond: 50_000n,
            claimShares: [50_000n],
        });
    });

    it('ranks equal prices by a seed of all revealed salts, whatever the order of reveals', async () => {
        const auction = await createTestLot();
        const bidders = await joinAll(auction, [5_000n, 5_000n, 5_000n, 5_000n]);
        const lot = await runAuction(auction, [...bidders].reverse());
        const revealed = bidders.map(({ seller, salt, ...bid }) => ({
            ...bid,
            bidder: seller.address.toBytes(),
            salt,
        }));
        const seed = computeLotSeed(lot.address.toBytes(), revealed);
        const { kilobitsPerSecond, reservePricePerGigabyte: reservePrice } = lot;
        const expected = computeClearing({ bids: revealed, kilobitsPerSecond, reservePrice, seed });
        expect(lot.standings.map(({ bidder }) => bidder.toBytes())).toEqual(
            expected.ranking.map(({ bidder }) => bidder),
        );
        expect(lot.standings.at(-1)?.awardedKilobitsPerSecond).toBe(0n);
        expect(lot.clearingPricePerGigabyte).toBe(5_000n);
    });

    it('never pays a winner less than its bid, sells more than was asked, or passes over a cheaper bid', async () => {
        const price = fc.bigInt(4_000n, RESERVE_PRICE);
        const units = fc.bigInt(1n, 2n);
        await fc.assert(
            fc.asyncProperty(fc.array(fc.tuple(price, units), { minLength: 1, maxLength: 6 }), async (wishes) => {
                const auction = await createTestLot();
                const bidders: TestBidder[] = [];
                for (const [place, [pricePerGigabyte, count]] of wishes.entries()) {
                    const bid = { pricePerGigabyte, kilobitsPerSecond: count * 50_000n };
                    bidders.push(await joinAuction(auction, { name: `bidder ${place}`, ...bid }));
                }
                const lot = await runAuction(auction, bidders);
                const awarded = lot.standings.reduce((sum, bid) => sum + bid.awardedKilobitsPerSecond, 0n);
                const wanted = bidders.reduce((sum, bid) => sum + bid.kilobitsPerSecond, 0n);
                expect(awarded).toBe(wanted < lot.kilobitsPerSecond ? wanted : lot.kilobitsPerSecond);
                for (const standing of lot.standings) {
                    const { pricePerGigabyte, kilobitsPerSecond, awardedKilobitsPerSecond } = standing;
                    const full = awardedKilobitsPerSecond === kilobitsPerSecond;
                    if (awardedKilobitsPerSecond > 0n) {
                        expect(lot.clearingPricePerGigabyte).toBeGreaterThanOrEqual(pricePerGigabyte);
                    }
                    if (!full) expect(pricePerGigabyte).toBeGreaterThanOrEqual(lot.clearingPricePerGigabyte);
                }
            }),
            { numRuns: 8 },
        );
    });
});

describe('commit_bid and reveal_bid', () => {
    it('take a deposit, hide the bid and then show it', async () => {
        const auction = await createTestLot();
        const { market, lot } = auction;
        const bidder = await joinAuction(auction, { name: 'bidder', pricePerGigabyte: 5_000n });
        const committed = await commitBid(auction, bidder);
        const sealed = await readBid(auction, bidder);
        const commitment = commitmentOf(auction, bidder);
        expect(sealed).toMatchObject({ status: 'committed', commitment, pricePerGigabyte: 0n, claims: [] });
        expect(committed.events).toEqual([
            {
                program: 'market',
                name: 'BidCommitted',
                data: {
                    lot: lot.address,
                    bid: sealed.address,
                    bidder: bidder.seller.address,
                    commitment,
                    deposit: BID_DEPOSIT,
                    bidCount: 1,
                },
            },
        ]);
        expect(await tokensOf(auction, bidder)).toBe(THOUSAND_TOKENS - BID_DEPOSIT);
        expect(await tokenBalance(market, lot.vault)).toBe(BID_DEPOSIT);
        travelTo(market, lot.commitEndsAt);
        const revealed = await revealBid(auction, bidder);
        const { salts, standings } = await readLot(market, lot);
        expect(revealed.events).toEqual([
            {
                program: 'market',
                name: 'BidRevealed',
                data: {
                    lot: lot.address,
                    bid: sealed.address,
                    bidder: bidder.seller.address,
                    pricePerGigabyte: 5_000n,
                    kilobitsPerSecond: 100_000n,
                    salt: bidder.salt,
                    saltsAfter: salts,
                },
            },
        ]);
        expect(standings).toEqual([
            {
                bidder: bidder.seller.address,
                pricePerGigabyte: 5_000n,
                kilobitsPerSecond: 100_000n,
                awardedKilobitsPerSecond: 0n,
            },
        ]);
        expect(await readBid(auction, bidder)).toMatchObject({
            status: 'revealed',
            claims: [bidder.claim.address],
            claimShares: [100_000n],
        });
    });
});
