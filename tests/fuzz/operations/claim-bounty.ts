import type { Model } from '../model/state.js';
import { BEGINS_AT, CLAIM_RATE, OFFERS_EXPIRE_AT } from '../offers.js';
import { accountsOf, type BountyParams, buyerOf, isOver, pickBounty } from './bounty.js';
import { addTokens, BIDDERS, offerOf } from './common.js';
import { operation } from './types.js';

interface ClaimParams extends BountyParams {
    readonly seller: string;
    readonly claim: number;
    /** The contract that is shown; null when none is. */
    readonly contract: string | null;
}

/** Whether the shown contract is in force and served from the claim. */
function isServed(model: Model, { bounty, seller, claim, contract: id }: ClaimParams): boolean {
    const contract = model.contracts.get(id ?? '');
    if (contract?.state !== 'Active') return false;
    return contract.buyer === buyerOf({ bounty }) && offerOf(contract) === `${seller}:${claim}`;
}

export const claimBounty = operation<ClaimParams>({
    name: 'claimBounty',
    weight: 3,
    free: ['payer'],
    isHarmless: ({ seller }, account, other) =>
        account.startsWith('remaining') || (account === 'capacityClaim' && other.startsWith(`claim:${seller}:`)),
    propose: (model, random) => {
        const bounty = pickBounty(model, random, (one) => !isOver(one, model.now));
        if (!bounty) return null;
        const contracts = [...model.contracts.values()].filter(({ buyer }) => buyer === bounty.buyer);
        const shown = contracts.length > 0 && random.chance(0.8) ? random.pick(contracts) : null;
        const seller = shown?.seller ?? (random.chance(0.97) ? random.pick(BIDDERS) : 's0');
        const claim = shown && random.chance(0.9) ? shown.offer.index : random.int(0, 1);
        return { bounty: bounty.id, seller, claim, contract: shown?.id ?? null };
    },
    call: (params) => ({
        program: 'market',
        instruction: 'claimBounty',
        accounts: {
            ...accountsOf(params),
            owner: `wallet:${params.seller}`,
            seller: `participant:${params.seller}`,
            capacityClaim: `claim:${params.seller}:${params.claim}`,
            node: `node:${params.seller}`,
            ownerTokenAccount: `tokens:${params.seller}`,
        },
        remaining: params.contract === null ? [] : [`contract:${params.contract}`],
    }),
    refusal: (model, params) => {
        const bounty = model.bounties.get(params.bounty);
        if (!bounty) return 'no such bounty';
        const seller = model.participants.get(params.seller)!;
        if (seller.kind !== 'seller' || seller.jailed) return 'no seller';
        if (bounty.rate > CLAIM_RATE) return 'the claim is too small';
        if (model.now >= OFFERS_EXPIRE_AT) return 'the claim is over';
        if (model.now < BEGINS_AT + bounty.holdSecs) return 'the claim is too young';
        if (bounty.needsContract && !isServed(model, params)) return 'no contract on it';
        if (isOver(bounty, model.now)) return 'it is over';
        return bounty.paid.includes(params.seller) ? 'paid already' : null;
    },
    apply: (model, { bounty: id, seller }) => {
        const bounty = model.bounties.get(id)!;
        bounty.paid.push(seller);
        bounty.vault -= bounty.reward;
        addTokens(model, seller, bounty.reward);
    },
});
