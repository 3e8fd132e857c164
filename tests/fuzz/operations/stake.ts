import { SCOPE } from '../model/rules.js';
import type { Participant } from '../model/state.js';
import { Pack } from '../pack.js';
import { addTokens, PARTIES, SELLERS, walletTokens } from './common.js';
import { operation } from './types.js';

const owner = (party: string) => ({ owner: `wallet:${party}`, participant: `participant:${party}` });

export const depositStake = operation<{ party: string; amount: bigint }>({
    name: 'depositStake',
    weight: 3,
    propose: (model, random) => {
        const party = random.pick(PARTIES);
        return {
            party,
            amount: random.chance(0.1) ? random.amount(walletTokens(model, party)) : random.amount(5_000_000n),
        };
    },
    call: ({ party, amount }) => ({
        program: 'registry',
        instruction: 'depositStake',
        accounts: { ...owner(party), ownerTokenAccount: `tokens:${party}` },
        args: new Pack().u64(amount).done(),
    }),
    refusal: (model, { party, amount }) => {
        if (amount === 0n) return 'nothing is deposited';
        return amount > walletTokens(model, party) ? 'the wallet holds less' : null;
    },
    apply: (model, { party, amount }) => {
        addTokens(model, party, -amount);
        model.stakeVault += amount;
        model.participants.get(party)!.free += amount;
    },
});

export const requestUnbond = operation<{ party: string; amount: bigint }>({
    name: 'requestUnbond',
    weight: 3,
    propose: (model, random) => {
        const party = random.pick(random.chance(0.8) ? SELLERS : PARTIES);
        const { free } = model.participants.get(party)!;
        return { party, amount: random.amount(random.chance(0.5) ? free : free / 8n) };
    },
    call: ({ party, amount }) => ({
        program: 'registry',
        instruction: 'requestUnbond',
        accounts: owner(party),
        args: new Pack().u64(amount).done(),
    }),
    refusal: (model, { party, amount }) => {
        const { free, unbonding } = model.participants.get(party)!;
        if (amount === 0n) return 'nothing is unbonded';
        if (amount > free) return 'more than the free stake';
        return unbonding.every((place) => place.amount > 0n) ? 'every place is taken' : null;
    },
    apply: (model, { party, amount }) => {
        const participant = model.participants.get(party)!;
        participant.free -= amount;
        const slot = participant.unbonding.findIndex((place) => place.amount === 0n);
        participant.unbonding[slot] = { amount, readyAt: model.now + model.config.params.unbondSecs };
    },
});

const place = ({ unbonding }: Participant, slot: number) => unbonding[slot]?.amount ?? 0n;

export const cancelUnbond = operation<{ party: string; slot: number }>({
    name: 'cancelUnbond',
    weight: 1,
    propose: (_model, random) => ({ party: random.pick(SELLERS), slot: random.int(0, 4) }),
    call: ({ party, slot }) => ({
        program: 'registry',
        instruction: 'cancelUnbond',
        accounts: owner(party),
        args: new Pack().u8(slot).done(),
    }),
    refusal: (model, { party, slot }) => (place(model.participants.get(party)!, slot) === 0n ? 'an empty place' : null),
    apply: (model, { party, slot }) => {
        const participant = model.participants.get(party)!;
        participant.free += place(participant, slot);
        participant.unbonding[slot] = { amount: 0n, readyAt: 0 };
    },
});

export const withdrawUnbonded = operation<{ party: string; slot: number }>({
    name: 'withdrawUnbonded',
    weight: 2,
    propose: (_model, random) => ({ party: random.pick(SELLERS), slot: random.int(0, 4) }),
    call: ({ party, slot }) => ({
        program: 'registry',
        instruction: 'withdrawUnbonded',
        accounts: { ...owner(party), ownerTokenAccount: `tokens:${party}` },
        args: new Pack().u8(slot).done(),
    }),
    refusal: (model, { party, slot }) => {
        const participant = model.participants.get(party)!;
        if (place(participant, slot) === 0n) return 'an empty place';
        return model.now < participant.unbonding[slot]!.readyAt ? 'not ready' : null;
    },
    apply: (model, { party, slot }) => {
        const participant = model.participants.get(party)!;
        const amount = place(participant, slot);
        participant.unbonding[slot] = { amount: 0n, readyAt: 0 };
        model.stakeVault -= amount;
        addTokens(model, party, amount);
    },
});

const MAX_HOT_SECS = 30 * 86_400;
const ALL_SCOPES = SCOPE.commit | SCOPE.cosign | SCOPE.prove | SCOPE.challenge;

export const setHotKey = operation<{ party: string; key: string; scope: number; expiresAt: number }>({
    name: 'setHotKey',
    weight: 1,
    propose: (model, random) => {
        const party = random.pick(PARTIES);
        return {
            party,
            key: `${party} ${random.chance(0.7) ? 'hot' : 'spare'}`,
            scope: random.chance(0.5) ? ALL_SCOPES : random.int(0, 17),
            expiresAt: model.now + random.pick([0, 1, 60, MAX_HOT_SECS, MAX_HOT_SECS, MAX_HOT_SECS, MAX_HOT_SECS + 1]),
        };
    },
    call: ({ party, key, scope, expiresAt }) => ({
        program: 'registry',
        instruction: 'setHotKey',
        accounts: owner(party),
        args: new Pack().address(`wallet:${key}`).u16(scope).i64(expiresAt).done(),
    }),
    refusal: (model, { scope, expiresAt }) => {
        if (scope === 0 || scope > ALL_SCOPES) return 'a scope that is none';
        return expiresAt <= model.now || expiresAt > model.now + MAX_HOT_SECS ? 'an expiry out of range' : null;
    },
    apply: (model, { party, key, scope, expiresAt }) => {
        const participant = model.participants.get(party)!;
        participant.hotKey = key;
        participant.hotScope = scope;
        participant.hotExpiresAt = expiresAt;
    },
});
