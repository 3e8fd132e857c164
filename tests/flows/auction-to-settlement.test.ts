import { fetchNode, getCloseLotInstructions } from '@ocm/sdk';
import { describe, expect, it } from 'vitest';
import {
    awardBid,
    BID_DEPOSIT,
    bondContract,
    cancelContract,
    clearLot,
    closeOut,
    commitBid,
    commitDelivery,
    cosignDelivery,
    createTestLot,
    expectMoney,
    expectRefusal,
    type FundedTrade,
    fundContract,
    joinAuction,
    openLedger,
    readBid,
    readContract,
    readLot,
    releaseDeposit,
    revealBid,
    send,
    settleDelivery,
    type TestAuction,
    type TestBidder,
    travelTo,
} from '../support/index.js';

/** The contract that a bid was awarded, as its two sides know it. */
async function readAwarded({ market, contentProvider, lot }: TestAuction, bidder: TestBidder): Promise<FundedTrade> {
    const bid = await readBid({ market, contentProvider, lot }, bidder);
    const contract = await readContract(market, { address: bid.contract });
    const node = await fetchNode(market.connection, bidder.claim.node);
    // In place of an offer stands the bid; nothing of this story reads an offer.
    const offer = undefined as never;
    return { market, contentProvider, seller: bidder.seller, node: node!, claim: bidder.claim, offer, contract };
}

describe('an auction', () => {
    it('leads from sealed bids to a delivery that is paid at the price of the best losing bid', async () => {
        const auction = await createTestLot({ lot: { kilobitsPerSecond: 150_000n } });
        const { market, contentProvider, lot } = auction;
        // A third of the lot for each: no seller may win more.
        const join = (name: string, pricePerGigabyte: bigint) =>
            joinAuction(auction, { name, pricePerGigabyte, kilobitsPerSecond: 50_000n });
        const cheap = await join('cheapest', 5_000n);
        const second = await join('second', 5_500n);
        const third = await join('third', 6_000n);
        const dear = await join('dear', 7_000n);
        const silent = await join('silent', 4_000n);
        const everybody = [cheap, second, third, dear, silent];
        const ledger = await openLedger(
            market,
            {
                contentProvider: contentProvider.owner.publicKey,
                treasury: market.treasury.publicKey,
                cheap: cheap.seller,
                second: second.seller,
                third: third.seller,
                dear: dear.seller,
                silent: silent.seller,
            },
            { vaults: { lotVault: lot.vault } },
        );

        // Each bid is a hash and a deposit; nobody can see a price.
        for (const bidder of everybody) await commitBid(auction, bidder);
        await expectMoney(ledger, {
            cheap: -BID_DEPOSIT,
            second: -BID_DEPOSIT,
            third: -BID_DEPOSIT,
            dear: -BID_DEPOSIT,
            silent: -BID_DEPOSIT,
            lotVault: 5n * BID_DEPOSIT,
        });
        // When no more bids can come they are opened. One bidder thinks better of it.
        await expectRefusal(revealBid(auction, cheap), 'market', 'LotPhaseWrong');
        travelTo(market, lot.commitEndsAt);
        for (const bidder of [dear, third, second, cheap]) await revealBid(auction, bidder);
        travelTo(market, lot.revealEndsAt);
        await expectRefusal(revealBid(auction, silent), 'market', 'LotPhaseWrong');

        // The three cheapest win, and are paid what the best loser asked for.
        await clearLot(auction);
        expect(await readLot(market, lot)).toMatchObject({
            status: 'cleared',
            clearingPricePerGigabyte: 7_000n,
            awardedKilobitsPerSecond: 150_000n,
        });
        for (const bidder of [cheap, second, third]) await awardBid(auction, bidder);
        await expectRefusal(awardBid(auction, dear), 'market', 'NothingAwarded');

        // Two of the winners and the buyer part again before anything begins.
        for (const winner of [second, third]) {
            const parted = await readAwarded(auction, winner);
            await cancelContract(parted, winner.seller.owner);
            await closeOut(parted);
        }

        // From here on it is a contract as any other: funded, backed by stake, delivered, co-signed, settled.
        const awarded = await readAwarded(auction, cheap);
        const active = await fundContract(market, contentProvider, awarded.contract);
        const trade = { ...awarded, contract: await bondContract(market, cheap.seller, active) };
        expect(trade.contract).toMatchObject({ state: 'active', seller: cheap.seller.address });
        const commitment = await commitDelivery(trade);
        await cosignDelivery(trade, commitment);
        await settleDelivery(trade, commitment);

        // Deposits return to who kept its word; that of the silent bidder is the buyer's.
        for (const bidder of [cheap, second, third, dear]) await releaseDeposit(auction, bidder, bidder.seller);
        await releaseDeposit(auction, silent, contentProvider);
        await closeOut(trade, [commitment]);
        const payer = market.deployer.publicKey;
        const contentProviderOwner = contentProvider.owner.publicKey;
        await send(market, await getCloseLotInstructions({ payer, contentProviderOwner, lot }), [market.deployer]);
        expect(await market.connection.getAccountInfo(lot.vault)).toBeNull();

        // 100 MB at 7 000 a gigabyte, of which the fee is 14.
        await expectMoney(ledger, {
            contentProvider: -700n + BID_DEPOSIT,
            cheap: 686n,
            silent: -BID_DEPOSIT,
            treasury: 14n,
        });
    });
});
