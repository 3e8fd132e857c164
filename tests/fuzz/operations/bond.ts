import { isOver, slash } from '../model/rules.js';
import { Pack } from '../pack.js';
import { contractAccounts, partOf, pickContract, STRANGER } from './common.js';
import { operation } from './types.js';

interface BondParams {
    readonly contract: string;
    readonly amount: bigint;
}

/** Another contract of the seller is the seller's to bond, too. */
const isOfSameSeller = ({ contract }: BondParams, account: string, other: string) =>
    account === 'contract' && other.startsWith('contract:') && other.split(':')[2] === partOf(contract).seller;

export const bondContract = operation<BondParams>({
    name: 'bondContract',
    weight: 4,
    isHarmless: isOfSameSeller,
    propose: (model, random) => {
        const contract = pickContract(model, random, (one) => !isOver(one));
        if (!contract) return null;
        const { free } = model.participants.get(contract.seller)!;
        return { contract: contract.id, amount: random.amount(random.chance(0.2) ? free : free / 5n) };
    },
    call: ({ contract, amount }) => {
        const { seller } = partOf(contract);
        return {
            program: 'market',
            instruction: 'bondContract',
            accounts: { contract: `contract:${contract}`, owner: `wallet:${seller}`, seller: `participant:${seller}` },
            args: new Pack().u64(amount).done(),
        };
    },
    refusal: (model, { contract: id, amount }) => {
        const contract = model.contracts.get(id);
        if (!contract) return 'no such contract';
        if (amount === 0n) return 'nothing is bound';
        if (isOver(contract)) return 'it is over';
        return amount > model.participants.get(contract.seller)!.free ? 'more than the free stake' : null;
    },
    apply: (model, { contract: id, amount }) => {
        const contract = model.contracts.get(id)!;
        const seller = model.participants.get(contract.seller)!;
        seller.free -= amount;
        seller.locked += amount;
        contract.bondTotal += amount;
        contract.bondFree += amount;
    },
});

export const releaseBond = operation<BondParams & { by: string }>({
    name: 'releaseBond',
    weight: 2,
    propose: (model, random) => {
        const contract = pickContract(model, random, ({ bondFree }) => bondFree > 0n);
        if (!contract) return null;
        const by = random.chance(0.7) ? contract.seller : random.pick([STRANGER, contract.buyer]);
        return { contract: contract.id, by, amount: random.amount(contract.bondFree) };
    },
    call: ({ contract, by, amount }) => ({
        program: 'market',
        instruction: 'releaseBond',
        accounts: {
            contract: `contract:${contract}`,
            authority: `wallet:${by}`,
            seller: `participant:${partOf(contract).seller}`,
        },
        args: new Pack().u64(amount).done(),
    }),
    free: ['authority'],
    isHarmless: isOfSameSeller,
    refusal: (model, { contract: id, by, amount }) => {
        const contract = model.contracts.get(id);
        if (!contract) return 'no such contract';
        if (by !== contract.seller && !isOver(contract)) return 'not the owner of the bond';
        if (amount === 0n) return 'nothing is released';
        return amount > contract.bondFree ? 'more than is free' : null;
    },
    apply: (model, { contract: id, amount }) => {
        const contract = model.contracts.get(id)!;
        const seller = model.participants.get(contract.seller)!;
        contract.bondTotal -= amount;
        contract.bondFree -= amount;
        seller.locked -= amount;
        seller.free += amount;
    },
});

export const collectSlash = operation<{ contract: string }>({
    name: 'collectSlash',
    weight: 2,
    propose: (model, random) => {
        const contract = pickContract(model, random, ({ slashPending }) => slashPending > 0n);
        return contract && { contract: contract.id };
    },
    call: ({ contract }) => ({
        program: 'market',
        instruction: 'collectSlash',
        accounts: { ...contractAccounts(contract), seller: `participant:${partOf(contract).seller}` },
    }),
    refusal: (model, { contract: id }) => {
        const contract = model.contracts.get(id);
        if (!contract) return 'no such contract';
        return contract.slashPending === 0n ? 'nothing was slashed' : null;
    },
    apply: (model, { contract: id }) => {
        const contract = model.contracts.get(id)!;
        const amount = contract.slashPending;
        contract.slashPending = 0n;
        contract.vault += amount;
        model.stakeVault -= amount;
        slash(model.participants.get(contract.seller)!, amount, model.now);
    },
});
