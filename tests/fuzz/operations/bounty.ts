import type { Bounty, Model } from '../model/state.js';
import { CLAIM_RATE } from '../offers.js';
import { Pack } from '../pack.js';
import type { Random } from '../random.js';
import { addTokens, BUYERS, PARTIES, prefer, walletTokens } from './common.js';
import { packFootprint } from './lot-common.js';
import { operation } from './types.js';

export interface BountyParams {
    /** `buyer:nonce`. */
    readonly bounty: string;
}

export const isOver = ({ expiresAt, paid, maxPayments }: Bounty, now: number) =>
    now >= expiresAt || paid.length >= maxPayments;

type Terms = Pick<Bounty, 'rate' | 'holdSecs' | 'reward' | 'maxPayments' | 'expiresAt' | 'needsContract'>;

const MAX_PAYMENTS = 32;
export const buyerOf = ({ bounty }: BountyParams) => bounty.split(':')[0]!;
export const accountsOf = ({ bounty }: BountyParams) => ({
    bounty: `bounty:${bounty}`,
    vault: `bountyVault:${bounty}`,
});

export function pickBounty(model: Model, random: Random, fits: (bounty: Bounty) => boolean): Bounty | null {
    return prefer(random, model.bounties.values(), fits);
}

export const createBounty = operation<BountyParams & Terms>({
    name: 'createBounty',
    weight: 1,
    free: ['payer'],
    propose: (model, random) => {
        if (model.bounties.size >= 2 && random.chance(0.97)) return null;
        const holdSecs = random.pick([0, 60, 300]);
        return {
            bounty: `${random.chance(0.97) ? random.pick(BUYERS) : random.pick(PARTIES)}:${random.int(0, 9)}`,
            rate: random.pick([1n, CLAIM_RATE, random.chance(0.2) ? CLAIM_RATE + 1n : 1_000n]),
            holdSecs,
            reward: random.chance(0.97) ? random.upTo(100_000n) : 0n,
            maxPayments: random.pick([1, 2, 3, random.chance(0.2) ? MAX_PAYMENTS + 1 : 1, random.chance(0.2) ? 0 : 2]),
            expiresAt: model.now + holdSecs + random.pick([0, 1, 60, 200]),
            needsContract: random.chance(0.4),
        };
    },
    call: (params) => ({
        program: 'market',
        instruction: 'createBounty',
        accounts: {
            ...accountsOf(params),
            owner: `wallet:${buyerOf(params)}`,
            contentProvider: `participant:${buyerOf(params)}`,
            ownerTokenAccount: `tokens:${buyerOf(params)}`,
        },
        args: packFootprint(new Pack().u64(BigInt(params.bounty.split(':')[1]!)))
            .u8(3)
            .u8(0)
            .u8(params.needsContract ? 1 : 0)
            .u64(params.rate)
            .u32(params.holdSecs)
            .u64(params.reward)
            .u8(params.maxPayments)
            .i64(params.expiresAt)
            .done(),
    }),
    refusal: (model, params) => {
        const { reward, maxPayments, holdSecs, expiresAt } = params;
        const buyer = model.participants.get(buyerOf(params))!;
        if (model.bounties.has(params.bounty)) return 'it stands already';
        if (buyer.kind !== 'contentProvider' || buyer.jailed) return 'no content provider';
        if (reward === 0n || maxPayments < 1 || maxPayments > MAX_PAYMENTS) return 'nothing to pay';
        if (model.now + holdSecs >= expiresAt) return 'nobody could earn it';
        const total = reward * BigInt(maxPayments);
        return total > walletTokens(model, buyerOf(params)) ? 'the wallet holds less' : null;
    },
    apply: (model, { bounty: id, ...terms }) => {
        const buyer = buyerOf({ bounty: id });
        const vault = terms.reward * BigInt(terms.maxPayments);
        addTokens(model, buyer, -vault);
        model.bounties.set(id, { ...terms, id, buyer, vault, paid: [] });
    },
});

export const refundBounty = operation<BountyParams>({
    name: 'refundBounty',
    weight: 1,
    free: ['payer'],
    propose: (model, random) => {
        const bounty = pickBounty(model, random, (one) => isOver(one, model.now));
        return bounty && { bounty: bounty.id };
    },
    call: (params) => ({
        program: 'market',
        instruction: 'refundBounty',
        accounts: {
            ...accountsOf(params),
            owner: `wallet:${buyerOf(params)}`,
            rentPayer: 'wallet:payer',
            ownerTokenAccount: `tokens:${buyerOf(params)}`,
        },
    }),
    refusal: (model, { bounty: id }) => {
        const bounty = model.bounties.get(id);
        if (!bounty) return 'no such bounty';
        return isOver(bounty, model.now) ? null : 'it runs';
    },
    apply: (model, { bounty: id }) => {
        const { buyer, vault } = model.bounties.get(id)!;
        addTokens(model, buyer, vault);
        model.bounties.delete(id);
    },
});
