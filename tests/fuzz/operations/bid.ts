import { mostPerBidder, sealOf } from '../model/lots.js';
import type { Bid, Lot, Model, SealedBid } from '../model/state.js';
import { CLAIM_RATE, OFFERS_EXPIRE_AT } from '../offers.js';
import { Pack } from '../pack.js';
import type { Random } from '../random.js';
import { addTokens, BIDDERS, PARTIES, prefer, walletTokens } from './common.js';
import { isWhole } from './lot.js';
import { type LotParams, pickLot } from './lot-common.js';
import { operation } from './types.js';

export interface BidParams extends LotParams {
    readonly bidder: string;
}

export const bidId = ({ lot, bidder }: BidParams) => `${lot}:${bidder}`;

export function pickBid(model: Model, random: Random, fits: (bid: Bid, lot: Lot) => boolean): Bid | null {
    return prefer(random, model.bids.values(), (bid) => fits(bid, model.lots.get(bid.lot)!));
}

function proposeSealed(random: Random, lot: Lot): SealedBid {
    const units = Number(mostPerBidder(lot) / lot.unit);
    const rate = BigInt(random.int(1, Math.max(1, units))) * lot.unit;
    return {
        price: random.pick([1n, lot.reservePrice / 2n, lot.reservePrice - 1n, lot.reservePrice]),
        rate: random.chance(0.93) ? rate : rate + random.pick([1n, lot.unit]),
        salt: random.int(0, 255),
    };
}

export const commitBid = operation<BidParams & { sealed: SealedBid }>({
    name: 'commitBid',
    weight: 8,
    free: ['payer'],
    propose: (model, random) => {
        const lot = pickLot(model, random, (one) => model.now < one.commitEndsAt);
        if (!lot) return null;
        const bidder = random.chance(0.97) ? random.pick(BIDDERS) : random.pick(PARTIES);
        return { lot: lot.id, bidder, sealed: proposeSealed(random, lot) };
    },
    call: (params) => ({
        program: 'market',
        instruction: 'commitBid',
        accounts: {
            owner: `wallet:${params.bidder}`,
            bidder: `participant:${params.bidder}`,
            lot: `lot:${params.lot}`,
            bid: `bid:${bidId(params)}`,
            vault: `lotVault:${params.lot}`,
            ownerTokenAccount: `tokens:${params.bidder}`,
        },
        args: sealOf(params.lot, params.bidder, params.sealed),
    }),
    refusal: (model, params) => {
        const lot = model.lots.get(params.lot);
        const bidder = model.participants.get(params.bidder)!;
        if (!lot) return 'no such lot';
        if (bidder.kind !== 'seller' || bidder.jailed) return 'no seller';
        if (model.bids.has(bidId(params))) return 'it has a bid in';
        if (model.now >= lot.commitEndsAt) return 'too late';
        return lot.deposit > walletTokens(model, params.bidder) ? 'the wallet holds less' : null;
    },
    apply: (model, params) => {
        const lot = model.lots.get(params.lot)!;
        addTokens(model, params.bidder, -lot.deposit);
        lot.vault += lot.deposit;
        lot.bidCount += 1;
        lot.openBids += 1;
        model.bids.set(bidId(params), { ...params, state: 'Committed', claim: 0 });
    },
});

interface RevealParams extends BidParams {
    readonly sealed: SealedBid;
    readonly claim: number;
    /** What is said to be served from the claim. */
    readonly share: bigint;
}

export const revealBid = operation<RevealParams>({
    name: 'revealBid',
    weight: 8,
    propose: (model, random) => {
        const bid = pickBid(
            model,
            random,
            ({ state }, lot) => state === 'Committed' && model.now >= lot.commitEndsAt && model.now < lot.revealEndsAt,
        );
        if (!bid) return null;
        const { lot, bidder } = bid;
        const sealed = random.chance(0.96) ? bid.sealed : { ...bid.sealed, price: bid.sealed.price + 1n };
        const share = random.chance(0.97) ? sealed.rate : sealed.rate + 1n;
        return { lot, bidder, sealed, claim: random.int(0, 1), share };
    },
    call: (params) => ({
        program: 'market',
        instruction: 'revealBid',
        accounts: {
            owner: `wallet:${params.bidder}`,
            bidder: `participant:${params.bidder}`,
            lot: `lot:${params.lot}`,
            bid: `bid:${bidId(params)}`,
        },
        remaining: [`claim:${params.bidder}:${params.claim}`],
        args: new Pack()
            .u64(params.sealed.price)
            .u64(params.sealed.rate)
            .raw(new Uint8Array(16).fill(params.sealed.salt))
            .u64(params.share)
            .raw(new Uint8Array(24))
            .done(),
    }),
    isHarmless: ({ bidder }, account, other) => account.startsWith('remaining') && other.startsWith(`claim:${bidder}:`),
    refusal: (model, params) => {
        const [bid, lot] = [model.bids.get(bidId(params)), model.lots.get(params.lot)];
        if (!bid || !lot) return 'no such bid';
        const { price, rate } = params.sealed;
        if (bid.state !== 'Committed') return 'revealed already';
        const isSame = price === bid.sealed.price && rate === bid.sealed.rate && params.sealed.salt === bid.sealed.salt;
        if (!isSame) return 'not what was sealed';
        if (model.now < lot.commitEndsAt || model.now >= lot.revealEndsAt) return 'not the time';
        if (price < 1n || price > lot.reservePrice) return 'a price out of range';
        if (!isWhole(lot, rate)) return 'a quantity out of range';
        if (params.share !== rate) return 'shares do not add up';
        const bound = model.bound.get(`${params.bidder}:${params.claim}`)!;
        if (params.share > CLAIM_RATE - bound) return 'the claim is exhausted';
        return lot.genesisAt + lot.epochs * lot.epochSecs > OFFERS_EXPIRE_AT ? 'the claim ends before' : null;
    },
    apply: (model, params) => {
        const bid = model.bids.get(bidId(params))!;
        bid.state = 'Revealed';
        bid.claim = params.claim;
        model.lots.get(params.lot)!.standings.push({ bidder: params.bidder, ...params.sealed, awarded: 0n });
    },
});
