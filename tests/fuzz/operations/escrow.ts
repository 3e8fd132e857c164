import { endsAt, isOver, isRunning, reserve, spokenFor, updateFunding } from '../model/rules.js';
import type { Contract, Model } from '../model/state.js';
import { Pack } from '../pack.js';
import { addTokens, BUYERS, contractAccounts, partOf, pickContract, STRANGER, walletTokens } from './common.js';
import { operation } from './types.js';

interface AmountParams {
    readonly contract: string;
    readonly amount: bigint;
}

export const fundContract = operation<AmountParams & { funder: string }>({
    name: 'fundContract',
    weight: 5,
    propose: (model, random) => {
        const contract = pickContract(model, random, ({ state }) => state === 'Proposed' || state === 'Underfunded');
        if (!contract) return null;
        const missing = reserve(contract, model.now) + spokenFor(contract) - contract.vault;
        const funder = random.chance(0.9) ? contract.buyer : random.pick([...BUYERS, STRANGER]);
        const target = missing > 0n ? missing : 1_000_000n;
        return { contract: contract.id, funder, amount: random.chance(0.4) ? target : random.amount(target) };
    },
    call: ({ contract, funder, amount }) => ({
        program: 'market',
        instruction: 'fundContract',
        accounts: { ...contractAccounts(contract), funder: `wallet:${funder}`, funderTokenAccount: `tokens:${funder}` },
        args: new Pack().u64(amount).done(),
    }),
    refusal: (model, { contract: id, funder, amount }) => {
        const contract = model.contracts.get(id);
        if (!contract) return 'no such contract';
        if (amount === 0n) return 'nothing is funded';
        if (!isRunning(contract) && contract.state !== 'Proposed') return 'past funding';
        if (model.now >= endsAt(contract)) return 'its time is over';
        return amount > walletTokens(model, funder) ? 'the wallet holds less' : null;
    },
    apply: (model, { contract: id, funder, amount }) => {
        const contract = model.contracts.get(id)!;
        addTokens(model, funder, -amount);
        contract.vault += amount;
        contract.deposited += amount;
        updateFunding(contract, model.now);
    },
});

const excess = (contract: Contract, model: Model) =>
    contract.vault - reserve(contract, model.now) - spokenFor(contract);

export const withdrawExcess = operation<AmountParams>({
    name: 'withdrawExcess',
    weight: 3,
    propose: (model, random) => {
        const contract = pickContract(model, random, (contract) => isRunning(contract) && excess(contract, model) > 0n);
        return contract && { contract: contract.id, amount: random.amount(excess(contract, model)) };
    },
    call: ({ contract, amount }) => {
        const { buyer } = partOf(contract);
        return {
            program: 'market',
            instruction: 'withdrawExcess',
            accounts: {
                ...contractAccounts(contract),
                owner: `wallet:${buyer}`,
                contentProvider: `participant:${buyer}`,
                ownerTokenAccount: `tokens:${buyer}`,
            },
            args: new Pack().u64(BigInt.asUintN(64, amount)).done(),
        };
    },
    refusal: (model, { contract: id, amount }) => {
        const contract = model.contracts.get(id);
        if (!contract) return 'no such contract';
        if (amount === 0n) return 'nothing is withdrawn';
        if (!isRunning(contract)) return 'not running';
        return amount < 0n || amount > excess(contract, model) ? 'more than the excess' : null;
    },
    apply: (model, { contract: id, amount }) => {
        const contract = model.contracts.get(id)!;
        contract.vault -= amount;
        addTokens(model, contract.buyer, amount);
    },
});

export const refundContentProvider = operation<{ contract: string }>({
    name: 'refundContentProvider',
    weight: 2,
    propose: (model, random) => {
        const contract = pickContract(model, random, isOver);
        return contract && { contract: contract.id };
    },
    call: ({ contract }) => {
        const { buyer } = partOf(contract);
        return {
            program: 'market',
            instruction: 'refundContentProvider',
            accounts: {
                ...contractAccounts(contract),
                owner: `wallet:${buyer}`,
                contentProvider: `participant:${buyer}`,
                ownerTokenAccount: `tokens:${buyer}`,
            },
        };
    },
    free: ['payer'],
    refusal: (model, { contract: id }) => {
        const contract = model.contracts.get(id);
        if (!contract) return 'no such contract';
        if (!isOver(contract)) return 'not over';
        return contract.vault === spokenFor(contract) ? 'nothing but debts' : null;
    },
    apply: (model, { contract: id }) => {
        const contract = model.contracts.get(id)!;
        const amount = contract.vault - spokenFor(contract);
        contract.vault -= amount;
        addTokens(model, contract.buyer, amount);
    },
});
