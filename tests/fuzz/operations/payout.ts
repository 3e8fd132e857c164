import { TREASURY } from '../model/rules.js';
import type { Contract } from '../model/state.js';
import { Pack } from '../pack.js';
import { addTokens, contractAccounts, pickContract, STRANGER, walletTokens } from './common.js';
import { operation } from './types.js';

interface Params {
    readonly contract: string;
    readonly index: number;
    /** Name of the wallet. */
    readonly payee: string;
}

/** Wallet of a payee; a stranger's where the index names none. */
export const payeeOf = ({ offer }: Contract, index: number) =>
    index === TREASURY ? 'treasury' : (offer.splits[index]?.payee ?? STRANGER);

export const withdrawPayout = operation<Params>({
    name: 'withdrawPayout',
    weight: 5,
    propose: (model, random) => {
        const contract = pickContract(model, random, ({ owed }) => owed.some((amount) => amount > 0n));
        if (!contract) return null;
        const owed = contract.owed.flatMap((amount, index) => (amount > 0n ? [index] : []));
        const index = owed.length > 0 && random.chance(0.8) ? random.pick(owed) : random.int(0, 9);
        return { contract: contract.id, index, payee: payeeOf(contract, index) };
    },
    call: (params) => {
        return {
            program: 'settlement',
            instruction: 'withdrawPayout',
            accounts: {
                ...contractAccounts(params.contract),
                payee: `wallet:${params.payee}`,
                payeeTokenAccount: `tokens:${params.payee}`,
            },
            args: new Pack().u8(params.index).done(),
        };
    },
    free: ['payer'],
    refusal: (model, params) => {
        const contract = model.contracts.get(params.contract);
        if (!contract) return 'no such contract';
        if (params.payee !== payeeOf(contract, params.index)) return 'another payee';
        return (contract.owed[params.index] ?? 0n) === 0n ? 'nothing is owed' : null;
    },
    apply: (model, params) => {
        const contract = model.contracts.get(params.contract)!;
        const amount = contract.owed[params.index]!;
        contract.owed[params.index] = 0n;
        contract.vault -= amount;
        addTokens(model, params.payee, amount);
    },
});

/** Tokens sent past the programs: nothing may depend on their absence. */
export const donate = operation<{ to: string; amount: bigint }>({
    name: 'donate',
    weight: 1,
    propose: (model, random) => {
        const contract = pickContract(model, random);
        const to = contract && random.chance(0.8) ? `vault:${contract.id}` : 'stakeVault';
        return { to, amount: random.upTo(1_000n) };
    },
    call: ({ to, amount }) => ({
        program: 'token',
        instruction: 'transfer',
        accounts: { from: `tokens:${STRANGER}`, to, owner: `wallet:${STRANGER}` },
        args: new Pack().u64(amount).done(),
    }),
    free: ['to'],
    refusal: (model, { to, amount }) => {
        if (to !== 'stakeVault' && !model.contracts.has(to.slice('vault:'.length))) return 'no such account';
        return amount > walletTokens(model, STRANGER) ? 'the wallet holds less' : null;
    },
    apply: (model, { to, amount }) => {
        addTokens(model, STRANGER, -amount);
        if (to === 'stakeVault') {
            model.stakeVault += amount;
            model.strayStake += amount;
        } else model.contracts.get(to.slice('vault:'.length))!.vault += amount;
    },
});
