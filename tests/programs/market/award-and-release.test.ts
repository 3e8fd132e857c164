import {
    fetchClaims,
    fetchNode,
    fetchOffer,
    findPriceHistoryAddress,
    getAwardBidInstructions,
    getBeginClosingInstructions,
    getCancelContractInstructions,
    getClearLotInstructions,
    getCloseLotInstructions,
    getOpenPriceHistoryInstructions,
    getReleaseBidDepositInstructions,
} from '@ocm/sdk';
import { createMintToInstruction } from '@solana/spl-token';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    awardBid,
    BID_DEPOSIT,
    buildAward,
    clearLot,
    commitBid,
    corruptField,
    createMint,
    createTestLot,
    expectRefusal,
    fundContract,
    joinAuction,
    mintTokens,
    ownerBalance,
    postOffer,
    readBid,
    readContract,
    readLot,
    readParticipant,
    registerContentProvider,
    registerSeller,
    releaseDeposit,
    revealBid,
    runAuction,
    send,
    swapAccount,
    type TestAuction,
    type TestBidder,
    THOUSAND_TOKENS,
    tokenBalance,
    travelTo,
    u64Bytes,
    verifyEgress,
} from '../../support/index.js';

const PRICES = [5_000n, 6_000n, 7_000n, 8_000n];
/** Four bids of two units for six: the dearest loses. */
async function createCleared(lot: Parameters<typeof createTestLot>[0] = {}) {
    const auction = await createTestLot(lot);
    const bidders: TestBidder[] = [];
    for (const pricePerGigabyte of PRICES) {
        bidders.push(await joinAuction(auction, { name: `bidder at ${pricePerGigabyte}`, pricePerGigabyte }));
    }
    return { auction, bidders, winner: bidders[0]!, loser: bidders[3]! };
}

const corruptNode = ({ market }: TestAuction, { claim }: TestBidder, field: string, bytes: Uint8Array) =>
    corruptField(market, { program: 'registry', account: 'Node', address: claim.node, field, bytes });

describe('clear_lot', () => {
    it('refuses before all are revealed, a second time, and from genesis on', async () => {
        const { auction } = await createCleared();
        const { market, lot } = auction;
        travelTo(market, lot.revealEndsAt - 1n);
        await expectRefusal(clearLot(auction), 'market', 'LotPhaseWrong');
        travelTo(market, lot.revealEndsAt);
        await clearLot(auction);
        await expectRefusal(clearLot(auction), 'market', 'LotCleared');
        const late = await createTestLot();
        travelTo(late.market, late.lot.genesisAt);
        await expectRefusal(clearLot(late), 'market', 'LotPhaseWrong');
    });

    it('refuses the price history of another market', async () => {
        const { auction } = await createCleared();
        const { market, lot } = auction;
        const other = { mint: lot.mint, footprint: lot.footprint, deliveryMethods: ['multicast'] as const };
        const payer = market.deployer.publicKey;
        await send(market, await getOpenPriceHistoryInstructions({ payer, ...other }), [market.deployer]);
        travelTo(market, lot.revealEndsAt);
        const own = await getClearLotInstructions({ lot });
        const swapped = swapAccount(own, findPriceHistoryAddress(lot), findPriceHistoryAddress(other));
        await expectRefusal(send(market, swapped), 'market', 'WrongPriceHistory');
    });
});

describe('award_bid', () => {
    let auction: TestAuction;
    let winner: TestBidder;
    let loser: TestBidder;
    let bidders: TestBidder[];

    beforeEach(async () => {
        ({ auction, bidders, winner, loser } = await createCleared());
        await runAuction(auction, bidders);
    });

    const refused = (error: string, program: 'market' | 'registry' = 'market', bidder = winner) =>
        expectRefusal(awardBid(auction, bidder), program, error);

    it('makes one contract of an award, and none of a bid that lost', async () => {
        await awardBid(auction, winner);
        await refused('NothingAwarded');
        await refused('NothingAwarded', 'market', loser);
    });

    it('refuses from genesis on', async () => {
        travelTo(auction.market, auction.lot.genesisAt);
        await refused('LotPhaseWrong');
    });

    it('refuses accounts of another lot, bid or mint', async () => {
        const { market, lot } = auction;
        const payer = market.deployer;
        const own = await buildAward(auction, winner, payer);
        const buyer = await registerContentProvider(market, { name: 'other buyer' });
        const mint = await createMint(market, { name: 'other mint' });
        const otherBid = await readBid(auction, loser);
        const bid = await readBid(auction, winner);
        const nonce = (await readParticipant(market, buyer)).nextContractNonce;
        const claims = await fetchClaims(market.connection, bid.claims);
        const ofBuyer = { ...lot, contentProvider: buyer.address };
        const forBuyer = await getAwardBidInstructions({ payer: payer.publicKey, lot: ofBuyer, bid, claims, nonce });
        await expectRefusal(send(market, forBuyer, [payer]), 'market', 'NotContentProvider');
        const swaps = [
            [lot.mint, mint.address, 'WrongMint'],
            [bid.address, otherBid.address, 'WrongBid'],
            [winner.claim.address, loser.claim.address, 'ClaimMismatch'],
            [winner.claim.node, loser.claim.node, 'NodeMismatch'],
        ] as const;
        for (const [before, after, error] of swaps) {
            await expectRefusal(send(market, swapAccount(own, before, after), [payer]), 'market', error);
        }
    });

    it('refuses a claim that was retired, used up or cut short in the meantime', async () => {
        const { address } = winner.claim;
        const corrupt = (field: string, bytes: Uint8Array) =>
            corruptField(auction.market, { program: 'market', account: 'CapacityClaim', address, field, bytes });
        await corrupt('status', Uint8Array.of(1));
        await refused('ClaimNotActive');
        await corrupt('status', Uint8Array.of(0));
        await corrupt('committedKilobitsPerSecond', u64Bytes(400_001n));
        await refused('ClaimExhausted');
        await corrupt('committedKilobitsPerSecond', u64Bytes(0n));
        await corrupt('validUntil', u64Bytes(auction.lot.genesisAt + 29n));
        await refused('ClaimNotValidThroughout');
    });

    it('refuses too few claims', async () => {
        const [instruction] = await buildAward(auction, winner, auction.market.deployer);
        instruction!.keys.pop();
        const sending = send(auction.market, [instruction!], [auction.market.deployer]);
        await expectRefusal(sending, 'market', 'ClaimCountInvalid');
    });

    it('refuses a node that is inactive or has sold its capacity', async () => {
        await corruptNode(auction, winner, 'status', Uint8Array.of(1));
        await refused('NodeNotActive', 'registry');
        await corruptNode(auction, winner, 'status', Uint8Array.of(0));
        await corruptNode(auction, winner, 'committedKilobitsPerSecond', u64Bytes(900_001n));
        await refused('NodeOvercommitted', 'registry');
    });

    it('refuses a jailed side', async () => {
        const { address } = winner.seller;
        const field = { field: 'status', bytes: Uint8Array.of(1) };
        await corruptField(auction.market, { program: 'registry', account: 'Participant', address, ...field });
        await refused('ParticipantNotActive', 'registry');
    });

    it('leads to a contract that runs as any other, and frees its capacity at the end', async () => {
        const { market, contentProvider, lot } = auction;
        await awardBid(auction, winner);
        const bid = await readBid(auction, winner);
        const contract = await fundContract(
            market,
            contentProvider,
            await readContract(market, { address: bid.contract }),
        );
        expect(contract.state).toBe('active');
        await releaseDeposit(auction, winner, winner.seller);
        travelTo(market, lot.genesisAt + 30n);
        const claims = await fetchClaims(market.connection, contract.claims);
        const { events } = await send(market, await getBeginClosingInstructions({ contract, claims }));
        expect(events.at(-1)).toMatchObject({ name: 'ContractClosingBegun', data: { offerRemainingAfter: 0n } });
        const node = await fetchNode(market.connection, winner.claim.node);
        expect(node?.committedKilobitsPerSecond).toBe(0n);
    });

    it('leads to a contract whose cancellation gives nothing to an offer of the same claim', async () => {
        const { market, contentProvider } = auction;
        const offer = await postOffer(market, winner.seller, { claims: [winner.claim.address] });
        await awardBid(auction, winner);
        const bid = await readBid(auction, winner);
        const contract = await readContract(market, { address: bid.contract });
        const claims = await fetchClaims(market.connection, contract.claims);
        const authority = contentProvider.owner;
        const cancel = await getCancelContractInstructions({ authority: authority.publicKey, contract, claims });
        const other = swapAccount(cancel, contract.offer, offer.address);
        await expectRefusal(send(market, other, [authority]), 'market', 'WrongOffer');
        await send(market, cancel, [authority]);
        expect((await fetchOffer(market.connection, offer.address))?.remainingKilobitsPerSecond).toBe(500_000n);
    });
});

describe('award_bid before the lot is cleared, or of verified capacity', () => {
    it('refuses a lot that is not cleared', async () => {
        const { auction, winner } = await createCleared();
        await commitBid(auction, winner);
        travelTo(auction.market, auction.lot.commitEndsAt);
        await revealBid(auction, winner);
        await expectRefusal(awardBid(auction, winner), 'market', 'LotNotCleared');
    });

    it('refuses capacity beyond an unexpired bandwidth proof', async () => {
        const { auction, bidders, winner } = await createCleared({ lot: { verifiedOnly: true } });
        await runAuction(auction, bidders);
        const expiresAt = auction.lot.genesisAt;
        await verifyEgress(auction.market, winner.claim.node, { kilobitsPerSecond: 99_999n, expiresAt });
        await expectRefusal(awardBid(auction, winner), 'registry', 'VerifiedRateExceeded');
        await verifyEgress(auction.market, winner.claim.node, { kilobitsPerSecond: 100_000n, expiresAt });
        await awardBid(auction, winner);
    });
});

describe('release_bid_deposit', () => {
    const balance = ({ market }: TestAuction, { owner }: TestBidder['seller']) =>
        ownerBalance(market, market.mint, owner.publicKey);

    it('gives the deposit of a bid that was not revealed to the content provider', async () => {
        const { auction, bidders, winner } = await createCleared();
        const { market, lot, contentProvider } = auction;
        for (const bidder of bidders) await commitBid(auction, bidder);
        travelTo(market, lot.revealEndsAt - 1n);
        await expectRefusal(releaseDeposit(auction, winner, contentProvider), 'market', 'DepositBound');
        travelTo(market, lot.revealEndsAt);
        await expectRefusal(releaseDeposit(auction, winner, winner.seller), 'market', 'WrongRecipient');
        const bid = await readBid(auction, winner);
        const { events } = await releaseDeposit(auction, winner, contentProvider);
        expect(events).toEqual([
            {
                program: 'market',
                name: 'BidDepositReleased',
                data: {
                    lot: lot.address,
                    bid: bid.address,
                    bidder: winner.seller.address,
                    depositOwner: 'contentProvider',
                    recipient: contentProvider.owner.publicKey,
                    amount: BID_DEPOSIT,
                },
            },
        ]);
        expect(await balance(auction, contentProvider)).toBe(THOUSAND_TOKENS + BID_DEPOSIT);
    });

    it('keeps a winner to its bid until genesis, and gives its deposit away when it made no contract', async () => {
        const { auction, bidders, winner, loser } = await createCleared();
        const { market, lot, contentProvider } = auction;
        await runAuction(auction, bidders);
        await expectRefusal(releaseDeposit(auction, loser, contentProvider), 'market', 'WrongRecipient');
        await releaseDeposit(auction, loser, loser.seller);
        await expectRefusal(releaseDeposit(auction, winner, winner.seller), 'market', 'DepositBound');
        travelTo(market, lot.genesisAt);
        await expectRefusal(releaseDeposit(auction, winner, winner.seller), 'market', 'WrongRecipient');
        await releaseDeposit(auction, winner, contentProvider);
        expect(await balance(auction, winner.seller)).toBe(THOUSAND_TOKENS - BID_DEPOSIT);
    });

    it('returns a winner the deposit when its content provider may not contract any more', async () => {
        const { auction, bidders, winner } = await createCleared();
        await runAuction(auction, bidders);
        const { address } = auction.contentProvider;
        const field = { field: 'status', bytes: Uint8Array.of(1) };
        await corruptField(auction.market, { program: 'registry', account: 'Participant', address, ...field });
        await expectRefusal(releaseDeposit(auction, winner, winner.seller), 'market', 'DepositBound');
        travelTo(auction.market, auction.lot.genesisAt);
        await releaseDeposit(auction, winner, winner.seller);
        expect(await balance(auction, winner.seller)).toBe(THOUSAND_TOKENS);
    });

    it('returns everything when everybody is silent: nobody cleared the lot', async () => {
        const { auction, bidders } = await createCleared();
        const { market, lot, contentProvider } = auction;
        for (const bidder of bidders) await commitBid(auction, bidder);
        travelTo(market, lot.commitEndsAt);
        for (const bidder of bidders) await revealBid(auction, bidder);
        travelTo(market, lot.genesisAt - 1n);
        await expectRefusal(releaseDeposit(auction, bidders[0]!, bidders[0]!.seller), 'market', 'DepositBound');
        travelTo(market, lot.genesisAt);
        for (const bidder of bidders) {
            await releaseDeposit(auction, bidder, bidder.seller);
            expect(await balance(auction, bidder.seller)).toBe(THOUSAND_TOKENS);
        }
        expect(await tokenBalance(market, lot.vault)).toBe(0n);
        const input = { payer: market.deployer.publicKey, contentProviderOwner: contentProvider.owner.publicKey, lot };
        await send(market, await getCloseLotInstructions(input), [market.deployer]);
    });

    it('refuses accounts of another lot or bid', async () => {
        const { auction, bidders, loser, winner } = await createCleared();
        const { market, lot, contentProvider } = auction;
        await runAuction(auction, bidders);
        const buyer = await registerContentProvider(market, { name: 'other buyer' });
        const bid = await readBid(auction, loser);
        const otherBid = await readBid(auction, winner);
        const payer = market.deployer;
        const foreign = await mintTokens(market, { mint: market.mint, owner: payer.publicKey, amount: 1n });
        const mint = await createMint(market, { name: 'other mint' });
        const recipient = loser.seller.owner.publicKey;
        const own = await getReleaseBidDepositInstructions({ payer: payer.publicKey, lot, bid, recipient });
        const refusal = async (instructions: typeof own, error: string) =>
            expectRefusal(send(market, instructions, [payer]), 'market', error);
        await refusal(swapAccount(own, contentProvider.address, buyer.address), 'NotContentProvider');
        await refusal(swapAccount(own, lot.vault, foreign), 'WrongVault');
        const ofMint = { ...lot, mint: mint.address };
        const inMint = { payer: payer.publicKey, lot: ofMint, bid, recipient };
        await refusal(await getReleaseBidDepositInstructions(inMint), 'WrongMint');
        await refusal(swapAccount(own, bid.address, otherBid.address), 'WrongBid');
        const otherPayer = await getReleaseBidDepositInstructions({
            payer: payer.publicKey,
            lot,
            bid: { ...bid, rentPayer: contentProvider.owner.publicKey },
            recipient,
        });
        await refusal(otherPayer, 'WrongRentPayer');
    });
});

describe('close_lot', () => {
    let auction: TestAuction;
    beforeEach(async () => {
        auction = await createTestLot();
    });

    const build = (lot = auction.lot, owner = auction.contentProvider.owner.publicKey) =>
        getCloseLotInstructions({ payer: auction.market.deployer.publicKey, contentProviderOwner: owner, lot });
    const close = async (...args: Parameters<typeof build>) =>
        send(auction.market, await build(...args), [auction.market.deployer]);

    it('waits until no bid can come and none has its deposit in the vault', async () => {
        const { market, lot } = auction;
        await expectRefusal(close(), 'market', 'LotPhaseWrong');
        const bidder = await joinAuction(auction, { name: 'bidder', pricePerGigabyte: 5_000n });
        await commitBid(auction, bidder);
        travelTo(market, lot.revealEndsAt);
        await expectRefusal(close(), 'market', 'BidsOpen');
        await releaseDeposit(auction, bidder, auction.contentProvider);
        await close();
    });

    it('is not held up by tokens that a stranger sent: they go to the content provider', async () => {
        const { market, lot, contentProvider } = auction;
        await donateToVault(auction, 7n);
        travelTo(market, lot.commitEndsAt);
        const { events } = await close();
        expect(events).toMatchObject([{ name: 'LotClosed', data: { leftOver: 7n } }]);
        expect(await ownerBalance(market, market.mint, contentProvider.owner.publicKey)).toBe(THOUSAND_TOKENS + 7n);
    });

    it('refuses accounts of another', async () => {
        const { market, lot, contentProvider } = auction;
        travelTo(market, lot.commitEndsAt);
        const other = await registerSeller(market, { name: 'other' });
        const buyer = await registerContentProvider(market, { name: 'other buyer' });
        const mint = await createMint(market, { name: 'other mint' });
        const foreign = await mintTokens(market, { mint: market.mint, owner: other.owner.publicKey, amount: 1n });
        await expectRefusal(close(lot, other.owner.publicKey), 'market', 'NotOwner');
        const rentPayer = other.owner.publicKey;
        await expectRefusal(close({ ...lot, rentPayer }), 'market', 'WrongRentPayer');
        await expectRefusal(close({ ...lot, vault: foreign }), 'market', 'WrongVault');
        const ofBuyer = { ...lot, contentProvider: buyer.address };
        await expectRefusal(close(ofBuyer, buyer.owner.publicKey), 'market', 'NotContentProvider');
        await expectRefusal(close({ ...lot, mint: mint.address }), 'market', 'WrongMint');
        expect((await readLot(market, lot)).contentProvider).toEqual(contentProvider.address);
    });
});

/** Tokens that nobody deposited. */
async function donateToVault({ market, lot }: TestAuction, amount: bigint): Promise<void> {
    const { address, authority, tokenProgram } = market.mint;
    const mint = createMintToInstruction(address, lot.vault, authority.publicKey, amount, [], tokenProgram);
    await send(market, [mint], [market.deployer, authority]);
}
