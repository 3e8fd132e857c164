import type { OfferTerms } from '../model/state.js';
import { CLAIM_RATE, NODE_RATE } from '../offers.js';
import { emptyBooks } from './accept-offer.js';
import { type BidParams, bidId, pickBid } from './bid.js';
import { claimAndNode } from './common.js';
import { LOT_SLA, lotBuyer } from './lot-common.js';
import { operation } from './types.js';

interface Params extends BidParams {
    readonly nonce: bigint;
    readonly claim: number;
}

const contractOf = (params: Params) => `${lotBuyer(params)}:${params.bidder}:${params.nonce}`;

export const awardBid = operation<Params>({
    name: 'awardBid',
    weight: 8,
    free: ['payer'],
    propose: (model, random) => {
        const isWon = (
            { bidder }: BidParams,
            { standings }: { standings: readonly { bidder: string; awarded: bigint }[] },
        ) => standings.some((one) => one.bidder === bidder && one.awarded > 0n);
        const bid = pickBid(model, random, isWon);
        if (!bid) return null;
        const { nextNonce } = model.participants.get(lotBuyer(bid))!;
        const { lot, bidder, claim } = bid;
        return { lot, bidder, claim, nonce: nextNonce + (random.chance(0.97) ? 0n : 1n) };
    },
    call: (params) => ({
        program: 'market',
        instruction: 'awardBid',
        accounts: {
            contentProvider: `participant:${lotBuyer(params)}`,
            bidder: `participant:${params.bidder}`,
            lot: `lot:${params.lot}`,
            bid: `bid:${bidId(params)}`,
            contract: `contract:${contractOf(params)}`,
            vault: `vault:${contractOf(params)}`,
        },
        remaining: claimAndNode(`${params.bidder}:${params.claim}`),
    }),
    refusal: (model, params) => {
        const [bid, lot] = [model.bids.get(bidId(params)), model.lots.get(params.lot)];
        if (!bid || !lot) return 'no such bid';
        const [buyer, seller] = [model.participants.get(lot.buyer)!, model.participants.get(params.bidder)!];
        if (!lot.isCleared || model.now >= lot.genesisAt) return 'not the time';
        const awarded = lot.standings.find(({ bidder }) => bidder === params.bidder)?.awarded ?? 0n;
        if (awarded === 0n) return 'nothing was won';
        if (params.nonce !== buyer.nextNonce || params.claim !== bid.claim) return 'not what was bid';
        if (buyer.jailed || seller.jailed) return 'somebody is jailed';
        if (model.bound.get(`${params.bidder}:${bid.claim}`)! + awarded > CLAIM_RATE) return 'the claim is exhausted';
        return model.bound.get(params.bidder)! + awarded > NODE_RATE ? 'the node is exhausted' : null;
    },
    apply: (model, params) => {
        const [bid, lot] = [model.bids.get(bidId(params))!, model.lots.get(params.lot)!];
        const standing = lot.standings.find(({ bidder }) => bidder === params.bidder)!;
        const rate = standing.awarded;
        standing.awarded = 0n;
        bid.state = 'Awarded';
        const offer: OfferTerms = {
            seller: params.bidder,
            index: params.claim,
            prices: [lot.price, lot.price, lot.price],
            commitFee: 0n,
            epochSecs: lot.epochSecs,
            minEpochs: 1,
            minRate: rate,
            maxRate: rate,
            totalRate: rate,
            sla: LOT_SLA,
            splits: [{ payee: params.bidder, basisPoints: 10_000 }],
        };
        model.contracts.set(contractOf(params), {
            id: contractOf(params),
            buyer: lot.buyer,
            seller: params.bidder,
            offer,
            source: `bid:${bidId(params)}`,
            genesisAt: lot.genesisAt,
            epochs: lot.epochs,
            rate,
            cap: (rate * BigInt(lot.capBasisPoints)) / 10_000n,
            params: model.config.params,
            ...emptyBooks(),
        });
        const claim = `${params.bidder}:${params.claim}`;
        for (const bound of [claim, params.bidder]) model.bound.set(bound, model.bound.get(bound)! + rate);
        const buyer = model.participants.get(lot.buyer)!;
        buyer.nextNonce += 1n;
        buyer.contracts += 1;
        model.participants.get(params.bidder)!.contracts += 1;
    },
});
