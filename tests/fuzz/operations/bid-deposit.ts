import type { Bid, Lot, Model } from '../model/state.js';
import { type BidParams, bidId, pickBid } from './bid.js';
import { addTokens } from './common.js';
import { lotBuyer } from './lot-common.js';
import { operation } from './types.js';

/** To whom a deposit is due now, or why to nobody (6.13, decision 0040). */
function dueTo(model: Model, bid: Bid, lot: Lot): 'bidder' | 'buyer' | null {
    if (bid.state === 'Awarded') return 'bidder';
    if (bid.state === 'Committed') return model.now >= lot.revealEndsAt ? 'buyer' : null;
    const won = lot.standings.find(({ bidder }) => bidder === bid.bidder)!.awarded > 0n;
    if (lot.isCleared && !won) return 'bidder';
    if (model.now < lot.genesisAt) return null;
    return lot.isCleared && !model.participants.get(lot.buyer)!.jailed ? 'buyer' : 'bidder';
}

export const releaseBidDeposit = operation<BidParams & { recipient: string }>({
    name: 'releaseBidDeposit',
    weight: 5,
    free: ['payer'],
    propose: (model, random) => {
        const bid = pickBid(model, random, (one, lot) => dueTo(model, one, lot) !== null);
        if (!bid) return null;
        const { lot, bidder } = bid;
        const buyer = lotBuyer(bid);
        const due = dueTo(model, bid, model.lots.get(lot)!);
        const right = due === 'buyer' ? buyer : bidder;
        return { lot, bidder, recipient: random.chance(0.9) ? right : random.pick([buyer, bidder]) };
    },
    call: (params) => ({
        program: 'market',
        instruction: 'releaseBidDeposit',
        accounts: {
            lot: `lot:${params.lot}`,
            bid: `bid:${bidId(params)}`,
            contentProvider: `participant:${lotBuyer(params)}`,
            bidder: `participant:${params.bidder}`,
            recipient: `wallet:${params.recipient}`,
            rentPayer: 'wallet:payer',
            vault: `lotVault:${params.lot}`,
            recipientTokenAccount: `tokens:${params.recipient}`,
        },
    }),
    refusal: (model, params) => {
        const [bid, lot] = [model.bids.get(bidId(params)), model.lots.get(params.lot)];
        if (!bid || !lot) return 'no such bid';
        const due = dueTo(model, bid, lot);
        if (!due) return 'bound for now';
        return params.recipient === (due === 'buyer' ? lot.buyer : bid.bidder) ? null : "another's";
    },
    apply: (model, params) => {
        const lot = model.lots.get(params.lot)!;
        lot.vault -= lot.deposit;
        lot.openBids -= 1;
        addTokens(model, params.recipient, lot.deposit);
        model.bids.delete(bidId(params));
    },
});
