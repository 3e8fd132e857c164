import { isPaused, PAUSE } from '../model/rules.js';
import type { Contract, Model } from '../model/state.js';
import { CLAIM_RATE, NODE_RATE, OFFERS, OFFERS_EXPIRE_AT } from '../offers.js';
import { Pack } from '../pack.js';
import { BUYERS, claimAndNode, PARTIES } from './common.js';
import { operation } from './types.js';

interface Params {
    readonly buyer: string;
    readonly offer: string;
    readonly nonce: bigint;
    readonly rate: bigint;
    readonly cap: bigint;
    readonly epochs: number;
    readonly genesisAt: number;
}

const MAX_RATE = 100_000_000_000n;
const MAX_EPOCHS = 21_845;
const MAX_LEAD_SECS = 30 * 86_400;
/** More would only dilute what happens to each. */
const MAX_CONTRACTS = 4;

const idOf = ({ buyer, offer, nonce }: Params) => `${buyer}:${offer.split(':')[0]}:${nonce}`;

function refusal(model: Model, params: Params): string | null {
    const { buyer, offer, nonce, rate, cap, epochs, genesisAt } = params;
    const terms = OFFERS.get(offer)!;
    const party = model.participants.get(buyer)!;
    const seller = model.participants.get(terms.seller)!;
    if (isPaused(model, PAUSE.contracts)) return 'paused';
    if (cap < rate || cap > MAX_RATE) return 'a cap out of range';
    if (epochs < terms.minEpochs || epochs > MAX_EPOCHS) return 'epochs out of range';
    if (genesisAt < model.now || genesisAt > model.now + MAX_LEAD_SECS) return 'a genesis out of range';
    if (model.now >= OFFERS_EXPIRE_AT) return 'the offer has expired';
    if (rate < terms.minRate || rate > terms.maxRate) return 'a rate out of range';
    if (rate > model.offered.get(offer)!) return 'the offer is exhausted';
    if (party.kind !== 'contentProvider') return 'not a content provider';
    if (party.jailed || seller.jailed) return 'somebody is jailed';
    if (nonce < party.nextNonce) return 'a nonce used before';
    if (genesisAt + epochs * terms.epochSecs > OFFERS_EXPIRE_AT) return 'the claim ends before';
    if (model.bound.get(offer)! + rate > CLAIM_RATE) return 'the claim is exhausted';
    if (model.bound.get(terms.seller)! + rate > NODE_RATE) return 'the node is exhausted';
    return null;
}

export const acceptOffer = operation<Params>({
    name: 'acceptOffer',
    weight: 3,
    propose: (model, random) => {
        if (model.contracts.size >= MAX_CONTRACTS && random.chance(0.9)) return null;
        const buyer = random.chance(0.95) ? random.pick(BUYERS) : random.pick(PARTIES);
        const offer = random.pick([...OFFERS.keys()]);
        const { nextNonce } = model.participants.get(buyer)!;
        const { minRate, maxRate, minEpochs } = OFFERS.get(offer)!;
        const rate = random.chance(0.7) ? minRate + random.upTo(maxRate - minRate) : random.amount(maxRate);
        const isEarly = random.chance(0.95);
        return {
            buyer,
            offer,
            nonce: isEarly ? nextNonce : nextNonce + BigInt(random.int(nextNonce > 0n ? -1 : 0, 1)),
            rate,
            cap: random.chance(0.95) ? rate + random.upTo(rate) : random.amount(rate),
            epochs: random.chance(0.97)
                ? minEpochs + (random.chance(0.15) ? random.int(25, 40) : random.int(0, 4))
                : random.pick([0, MAX_EPOCHS, MAX_EPOCHS + 1]),
            genesisAt: model.now + (isEarly ? random.int(0, 20) : random.pick([-1, MAX_LEAD_SECS, MAX_LEAD_SECS + 1])),
        };
    },
    call: (params) => {
        const { buyer, offer, nonce, rate, cap, epochs, genesisAt } = params;
        const id = idOf(params);
        return {
            program: 'market',
            instruction: 'acceptOffer',
            accounts: {
                owner: `wallet:${buyer}`,
                contentProvider: `participant:${buyer}`,
                seller: `participant:${offer.split(':')[0]}`,
                offer: `offer:${offer}`,
                contract: `contract:${id}`,
                vault: `vault:${id}`,
            },
            remaining: claimAndNode(offer),
            args: new Pack()
                .u64(nonce)
                .u64(rate)
                .u64(cap)
                .u64(rate)
                .raw(new Uint8Array(24))
                .u32(epochs)
                .i64(genesisAt)
                .address('wallet:issuer')
                .u8(0)
                .done(),
        };
    },
    free: ['payer'],
    refusal,
    apply: (model, params) => {
        const { buyer, offer, nonce, rate, cap, epochs, genesisAt } = params;
        const terms = OFFERS.get(offer)!;
        const contract: Contract = {
            id: idOf(params),
            buyer,
            seller: terms.seller,
            offer: terms,
            source: `offer:${offer}`,
            genesisAt,
            epochs,
            rate,
            cap,
            params: model.config.params,
            ...emptyBooks(),
        };
        model.contracts.set(contract.id, contract);
        model.offered.set(offer, model.offered.get(offer)! - rate);
        for (const bound of [offer, terms.seller]) model.bound.set(bound, model.bound.get(bound)! + rate);
        const party = model.participants.get(buyer)!;
        party.nextNonce = nonce + 1n;
        party.contracts += 1;
        model.participants.get(terms.seller)!.contracts += 1;
    },
});

export function emptyBooks() {
    return {
        state: 'Proposed' as const,
        vault: 0n,
        deposited: 0n,
        owed: new Array<bigint>(9).fill(0n),
        openGross: 0n,
        open: 0,
        settled: 0,
        bytes: [0n, 0n, 0n],
        gross: [0n, 0n, 0n],
        penalty: 0n,
        topUp: 0n,
        paid: 0n,
        bondTotal: 0n,
        bondFree: 0n,
        slashPending: 0n,
        held: 0n,
        epoch: 0,
        kinds: 0,
        epochBytes: 0n,
        frontier: Array.from({ length: 16 }, () => new Uint8Array(32)),
    };
}
