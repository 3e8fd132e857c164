import { BEGINS_AT, OFFERS } from '../offers.js';
import { BIDDERS, PARTIES } from '../operations/common.js';
import { HOT_KEYS_EXPIRE_AT, STAKE, WALLET_TOKENS } from '../parties.js';
import { PARAMS } from './rules.js';
import type { Model, Participant } from './state.js';

const KINDS = { s: 'seller', c: 'contentProvider', a: 'auditor' } as const;

const participant = (name: string): Participant => ({
    kind: KINDS[name[0] as 's' | 'c' | 'a'],
    free: STAKE[name] ?? 0n,
    locked: 0n,
    unbonding: Array.from({ length: 4 }, () => ({ amount: 0n, readyAt: 0 })),
    slashedTotal: 0n,
    jailed: false,
    windowBeganAt: 0,
    windowStake: 0n,
    slashedInWindow: 0n,
    contracts: 0,
    nextNonce: 0n,
    admittedAt: name.startsWith('a') ? BEGINS_AT : 0,
    hotKey: `${name} hot`,
    hotScope: 15,
    hotExpiresAt: HOT_KEYS_EXPIRE_AT,
});

/** The world of `createWorld`, as the model knows it. */
export function beginModel(): Model {
    const stake = (name: string) => STAKE[name] ?? 0n;
    const parties = [...PARTIES];
    const bound = BIDDERS.flatMap((name) => [name, `${name}:0`, `${name}:1`]);
    return {
        config: { params: PARAMS, queued: null, pauseBits: 0, pausedAt: 0, pauseUntil: 0 },
        now: BEGINS_AT,
        slot: 1_000,
        wallets: new Map([...parties, 'x'].map((name) => [name, WALLET_TOKENS - stake(name)])),
        stakeVault: parties.reduce((sum, name) => sum + stake(name), 0n),
        strayStake: 0n,
        participants: new Map(parties.map((name) => [name, participant(name)])),
        offered: new Map([...OFFERS].map(([id, { totalRate }]) => [id, totalRate])),
        bound: new Map(bound.map((id) => [id, 0n])),
        contracts: new Map(),
        commitments: new Map(),
        challenges: new Map(),
        reports: new Map(),
        pools: new Map(),
        lots: new Map(),
        bids: new Map(),
        bounties: new Map(),
        settledEver: new Set(),
    };
}

/** All tokens there are. */
export const SUPPLY = BigInt(PARTIES.length + 1) * WALLET_TOKENS;
