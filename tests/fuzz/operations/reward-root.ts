import { bondHeld, headOf } from '../model/rewards.js';
import type { Member, Model, Pool } from '../model/state.js';
import { Pack } from '../pack.js';
import type { Random } from '../random.js';
import { addTokens, BUYERS, STRANGER, walletTokens } from './common.js';
import { creatorOf, MEMBERS, type PoolParams, pickPool, poolAccounts } from './pool-common.js';
import { operation } from './types.js';

interface ProposeParams extends PoolParams {
    readonly aggregator: string;
    readonly members: readonly Member[];
    readonly total: bigint;
}

const aggregatorAccounts = (aggregator: string) => ({
    aggregator: `wallet:${aggregator}`,
    aggregatorTokenAccount: `tokens:${aggregator}`,
});

/** What a root says after the active one: mostly more for each; or less for one, or another's place. */
function proposeMembers(random: Random, { active, vault, paid }: Pool): readonly Member[] {
    const room = vault > active.total - paid ? vault - (active.total - paid) : 1_000n;
    const next: Member[] = active.members.map(({ owner, lifetime }) => ({
        owner: random.chance(0.96) ? owner : random.pick(MEMBERS),
        lifetime: random.chance(0.93) ? lifetime + random.upTo(room / 8n) : random.upTo(lifetime),
    }));
    const added = next.length < 5 ? random.int(next.length === 0 ? 1 : 0, 2) : 0;
    for (let one = 0; one < added; one += 1) {
        next.push({ owner: random.pick(MEMBERS), lifetime: random.upTo(room / 8n) });
    }
    return random.chance(0.03) ? next.slice(1) : next;
}

const sumOf = (members: readonly Member[]) => members.reduce((sum, { lifetime }) => sum + lifetime, 0n);

export const proposeRewardRoot = operation<ProposeParams>({
    name: 'proposeRewardRoot',
    weight: 3,
    propose: (model, random) => {
        const pool = pickPool(model, random, ({ retired, pending }) => !retired && !pending);
        if (!pool) return null;
        const members = proposeMembers(random, pool);
        const total = sumOf(members) + (random.chance(0.9) ? 0n : random.pick([1n, 1_000n]));
        const aggregator = random.chance(0.95) ? pool.aggregator : random.pick(BUYERS);
        return { pool: pool.id, aggregator, members, total: random.chance(0.97) ? total : total / 2n };
    },
    call: (params) => ({
        program: 'settlement',
        instruction: 'proposeRewardRoot',
        accounts: { ...poolAccounts(params), ...aggregatorAccounts(params.aggregator) },
        args: new Pack().raw(headOf(params.members)).u32(params.members.length).u64(params.total).done(),
    }),
    refusal: (model, { pool: id, aggregator, members, total }) => {
        const pool = model.pools.get(id);
        if (!pool) return 'no such pool';
        if (aggregator !== pool.aggregator) return 'not the aggregator';
        if (pool.retired) return 'it is over';
        if (pool.pending) return 'a root is pending';
        if (members.length < Math.max(1, pool.active.members.length)) return 'fewer members';
        if (total < pool.active.total) return 'a smaller total';
        return pool.bond > walletTokens(model, aggregator) ? 'the wallet holds less' : null;
    },
    apply: (model, { pool: id, members, total }) => {
        const pool = model.pools.get(id)!;
        addTokens(model, pool.aggregator, -pool.bond);
        pool.vault += pool.bond;
        pool.pending = { members, total };
        pool.eta = model.now + pool.delaySecs;
    },
});

/** Gives the bond back and drops what is pending. */
function returnBond(model: Model, pool: Pool): void {
    pool.vault -= pool.bond;
    addTokens(model, pool.aggregator, pool.bond);
    pool.pending = null;
}

const pendingPool = (model: Model, random: Random) => pickPool(model, random, ({ pending }) => pending !== null);

export const activateRewardRoot = operation<PoolParams & { aggregator: string }>({
    name: 'activateRewardRoot',
    weight: 4,
    propose: (model, random) => {
        const pool = pendingPool(model, random);
        return pool && { pool: pool.id, aggregator: pool.aggregator };
    },
    call: (params) => ({
        program: 'settlement',
        instruction: 'activateRewardRoot',
        accounts: { ...poolAccounts(params), ...aggregatorAccounts(params.aggregator) },
    }),
    refusal: (model, { pool: id, aggregator }) => {
        const pool = model.pools.get(id);
        if (!pool) return 'no such pool';
        if (aggregator !== pool.aggregator) return 'not the aggregator';
        if (!pool.pending) return 'no root is pending';
        if (model.now < pool.eta) return 'it may still be vetoed';
        return pool.vault - bondHeld(pool) < pool.pending.total - pool.paid ? 'the vault is short' : null;
    },
    apply: (model, { pool: id }) => {
        const pool = model.pools.get(id)!;
        pool.active = pool.pending!;
        returnBond(model, pool);
    },
});

export const cancelRewardRoot = operation<PoolParams & { aggregator: string; by: string }>({
    name: 'cancelRewardRoot',
    weight: 1,
    isHarmless: ({ pool, aggregator }, account, other) =>
        account === 'authority' && [`wallet:${creatorOf({ pool })}`, `wallet:${aggregator}`].includes(other),
    propose: (model, random) => {
        const pool = pendingPool(model, random);
        const by = pool && random.pick([pool.creator, pool.aggregator, STRANGER]);
        return pool && { pool: pool.id, aggregator: pool.aggregator, by: by! };
    },
    call: (params) => ({
        program: 'settlement',
        instruction: 'cancelRewardRoot',
        accounts: {
            ...poolAccounts(params),
            ...aggregatorAccounts(params.aggregator),
            authority: `wallet:${params.by}`,
            creator: `participant:${creatorOf(params)}`,
        },
    }),
    refusal: (model, { pool: id, aggregator, by }) => {
        const pool = model.pools.get(id);
        if (!pool) return 'no such pool';
        if (aggregator !== pool.aggregator) return 'not the aggregator';
        if (!pool.pending) return 'no root is pending';
        if (by === pool.creator) return null;
        if (by !== pool.aggregator) return 'nobody of the pool';
        return model.now < pool.eta ? 'a veto may still come' : null;
    },
    apply: (model, { pool }) => returnBond(model, model.pools.get(pool)!),
});
