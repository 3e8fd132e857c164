import { BEGINS_AT, OFFERS } from '../offers.js';
import { HOT_KEYS_EXPIRE_AT, STAKE, WALLET_TOKENS } from '../world.js';
import type { Model, Participant } from './state.js';

const participant = (isSeller: boolean, free: bigint): Participant => ({
    isSeller,
    free,
    locked: 0n,
    unbonding: Array.from({ length: 4 }, () => ({ amount: 0n, readyAt: 0 })),
    slashedTotal: 0n,
    jailed: false,
    windowBeganAt: 0,
    windowStake: 0n,
    slashedInWindow: 0n,
    contracts: 0,
    nextNonce: 0n,
    hotScope: 15,
    hotExpiresAt: HOT_KEYS_EXPIRE_AT,
});

/** The world of `createWorld`, as the model knows it. */
export function beginModel(): Model {
    const stake = (name: string) => STAKE[name] ?? 0n;
    const parties = ['s0', 's1', 'c0', 'c1'];
    const bound = [...OFFERS.keys(), 's0', 's1'];
    return {
        now: BEGINS_AT,
        slot: 1_000,
        wallets: new Map([...parties, 'x'].map((name) => [name, WALLET_TOKENS - stake(name)])),
        stakeVault: stake('s0') + stake('s1'),
        strayStake: 0n,
        participants: new Map(parties.map((name) => [name, participant(name.startsWith('s'), stake(name))])),
        offered: new Map([...OFFERS].map(([id, { totalRate }]) => [id, totalRate])),
        bound: new Map(bound.map((id) => [id, 0n])),
        contracts: new Map(),
        commitments: new Map(),
        settledEver: new Set(),
    };
}

/** All tokens there are. */
export const SUPPLY = 5n * WALLET_TOKENS;
