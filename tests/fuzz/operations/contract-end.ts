import { endsAt, isOver, isRunning, owedTotal } from '../model/rules.js';
import type { Contract, Model } from '../model/state.js';
import { claimAndNode, contractAccounts, offerOf, partOf, pickContract, STRANGER } from './common.js';
import { operation } from './types.js';

interface EndParams {
    readonly contract: string;
    /** Name of the claim that serves it. */
    readonly offer: string;
    /** The account that it was made of. */
    readonly source: string;
}

const endAccounts = ({ contract, source }: EndParams) => {
    const { buyer, seller } = partOf(contract);
    return {
        contract: `contract:${contract}`,
        offer: source,
        contentProvider: `participant:${buyer}`,
        seller: `participant:${seller}`,
    };
};

export const endOf = (contract: Contract): EndParams => ({
    contract: contract.id,
    offer: offerOf(contract),
    source: contract.source,
});

/** Another contract of the two: whether it can end now is another question. */
const isOfSamePair = ({ contract }: EndParams, account: string, other: string) => {
    const { buyer, seller } = partOf(contract);
    return account === 'contract' && other.startsWith(`contract:${buyer}:${seller}:`);
};

/** Frees the capacity that the contract held. */
function release(model: Model, contract: Contract): void {
    const offer = offerOf(contract);
    // A lot's bid sold all that it offered.
    if (contract.source.startsWith('offer:')) model.offered.set(offer, model.offered.get(offer)! + contract.rate);
    for (const bound of [offer, contract.seller]) model.bound.set(bound, model.bound.get(bound)! - contract.rate);
    for (const party of [contract.buyer, contract.seller]) model.participants.get(party)!.contracts -= 1;
}

export const cancelContract = operation<EndParams & { by: string }>({
    name: 'cancelContract',
    weight: 1,
    propose: (model, random) => {
        const contract = pickContract(model, random, ({ state }) => state === 'Proposed');
        if (!contract) return null;
        const by = random.pick([contract.buyer, contract.seller, STRANGER, 'c1']);
        return { ...endOf(contract), by };
    },
    call: (params) => ({
        program: 'market',
        instruction: 'cancelContract',
        accounts: { ...endAccounts(params), authority: `wallet:${params.by}` },
        remaining: claimAndNode(params.offer),
    }),
    free: ['authority'],
    isHarmless: isOfSamePair,
    refusal: (model, { contract: id, by }) => {
        const contract = model.contracts.get(id);
        if (!contract) return 'no such contract';
        if (contract.state !== 'Proposed') return 'it became active';
        const isSide = by === contract.buyer || by === contract.seller;
        return isSide || model.now >= endsAt(contract) ? null : 'not a side of it';
    },
    apply: (model, { contract: id }) => {
        const contract = model.contracts.get(id)!;
        contract.state = 'Cancelled';
        release(model, contract);
    },
});

export const beginClosing = operation<EndParams>({
    name: 'beginClosing',
    weight: 2,
    isHarmless: isOfSamePair,
    propose: (model, random) => {
        const contract = pickContract(model, random, (one) => isRunning(one) && model.now >= endsAt(one));
        return contract && endOf(contract);
    },
    call: (params) => ({
        program: 'market',
        instruction: 'beginClosing',
        accounts: endAccounts(params),
        remaining: claimAndNode(params.offer),
    }),
    refusal: (model, { contract: id }) => {
        const contract = model.contracts.get(id);
        if (!contract) return 'no such contract';
        if (!isRunning(contract)) return 'not running';
        return model.now < endsAt(contract) ? 'not at its end' : null;
    },
    apply: (model, { contract: id }) => {
        const contract = model.contracts.get(id)!;
        contract.state = 'Closing';
        release(model, contract);
    },
});

const finishAt = (contract: Contract) => endsAt(contract) + contract.params.settleWindowSecs;

export const finishContract = operation<{ contract: string }>({
    name: 'finishContract',
    weight: 2,
    propose: (model, random) => {
        const contract = pickContract(model, random, ({ state }) => state === 'Closing');
        return contract && { contract: contract.id };
    },
    call: ({ contract }) => ({
        program: 'market',
        instruction: 'finishContract',
        accounts: { contract: `contract:${contract}` },
    }),
    free: ['contract'],
    refusal: (model, { contract: id }) => {
        const contract = model.contracts.get(id);
        if (!contract) return 'no such contract';
        if (contract.state !== 'Closing') return 'not closing';
        if (model.now < finishAt(contract)) return 'the settle window is open';
        return contract.open > 0 ? 'commitments are open' : null;
    },
    apply: (model, { contract: id }) => {
        model.contracts.get(id)!.state = 'Settled';
    },
});

export const closeContract = operation<{ contract: string }>({
    name: 'closeContract',
    weight: 2,
    propose: (model, random) => {
        const contract = pickContract(model, random, isOver);
        return contract && { contract: contract.id };
    },
    call: ({ contract }) => ({
        program: 'market',
        instruction: 'closeContract',
        accounts: { ...contractAccounts(contract), rentPayer: 'wallet:payer' },
    }),
    refusal: (model, { contract: id }) => {
        const contract = model.contracts.get(id);
        if (!contract) return 'no such contract';
        if (!isOver(contract)) return 'not over';
        if (owedTotal(contract) > 0n) return 'amounts are owed';
        if (contract.vault > 0n) return 'the vault is not empty';
        if (contract.bondTotal > 0n) return 'bond is not released';
        return contract.slashPending > 0n ? 'a slash is pending' : null;
    },
    apply: (model, { contract: id }) => {
        model.contracts.delete(id);
    },
});
