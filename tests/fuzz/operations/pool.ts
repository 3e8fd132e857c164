import { excessOf, unpaid } from '../model/rewards.js';
import type { Pool } from '../model/state.js';
import { Pack } from '../pack.js';
import { addTokens, PARTIES, SELLERS, STRANGER, walletTokens } from './common.js';
import { creatorAccounts, creatorOf, type PoolParams, pickPool, poolAccounts } from './pool-common.js';
import { operation } from './types.js';

interface CreateParams extends PoolParams {
    readonly aggregator: string;
    readonly bond: bigint;
    readonly delaySecs: number;
}

const MAX_DELAY_SECS = 30 * 86_400;
const MAX_POOLS = 2;

export const createRewardPool = operation<CreateParams>({
    name: 'createRewardPool',
    weight: 1,
    free: ['payer'],
    propose: (model, random) => {
        if (model.pools.size >= MAX_POOLS && random.chance(0.97)) return null;
        return {
            pool: `${random.pick([...SELLERS, 'c0'])}:${random.int(0, 2)}`,
            aggregator: random.pick([STRANGER, STRANGER, 's0']),
            bond: random.chance(0.95) ? random.upTo(100_001n) : 0n,
            delaySecs: random.pick([1, 60, 60, 600, random.chance(0.2) ? 0 : 61, MAX_DELAY_SECS + 1]),
        };
    },
    call: (params) => ({
        program: 'settlement',
        instruction: 'createRewardPool',
        accounts: { ...poolAccounts(params), ...creatorAccounts(params) },
        args: new Pack()
            .u64(BigInt(params.pool.split(':')[1]!))
            .address(`wallet:${params.aggregator}`)
            .u64(params.bond)
            .i64(params.delaySecs)
            .done(),
    }),
    refusal: (model, params) => {
        if (model.pools.has(params.pool)) return 'it stands already';
        if (model.participants.get(creatorOf(params))!.jailed) return 'jailed';
        // The cluster of the fuzzer is a development one, where a delay of one second will do.
        if (params.delaySecs < 1 || params.delaySecs > MAX_DELAY_SECS) return 'a delay out of range';
        return params.bond === 0n ? 'no bond' : null;
    },
    apply: (model, { pool: id, aggregator, bond, delaySecs }) => {
        const pool: Pool = {
            id,
            creator: id.split(':')[0]!,
            aggregator,
            bond,
            delaySecs,
            vault: 0n,
            active: { members: [], total: 0n },
            pending: null,
            eta: 0,
            paid: 0n,
            retired: false,
            statuses: new Map(),
        };
        model.pools.set(id, pool);
    },
});

export const fundRewardPool = operation<PoolParams & { funder: string; amount: bigint }>({
    name: 'fundRewardPool',
    weight: 2,
    propose: (model, random) => {
        const pool = pickPool(model, random, ({ retired }) => !retired);
        return pool && { pool: pool.id, funder: random.pick(PARTIES), amount: random.amount(2_000_000n) };
    },
    call: (params) => ({
        program: 'settlement',
        instruction: 'fundRewardPool',
        accounts: {
            ...poolAccounts(params),
            funder: `wallet:${params.funder}`,
            funderTokenAccount: `tokens:${params.funder}`,
        },
        args: new Pack().u64(params.amount).done(),
    }),
    refusal: (model, { pool: id, funder, amount }) => {
        const pool = model.pools.get(id);
        if (!pool) return 'no such pool';
        if (amount === 0n) return 'nothing is funded';
        if (pool.retired) return 'it is over';
        return amount > walletTokens(model, funder) ? 'the wallet holds less' : null;
    },
    apply: (model, { pool, funder, amount }) => {
        addTokens(model, funder, -amount);
        model.pools.get(pool)!.vault += amount;
    },
});

export const withdrawRewardExcess = operation<PoolParams & { amount: bigint }>({
    name: 'withdrawRewardExcess',
    weight: 2,
    propose: (model, random) => {
        const pool = pickPool(model, random, (one) => excessOf(one) > 0n);
        return pool && { pool: pool.id, amount: random.amount(excessOf(pool)) };
    },
    call: (params) => ({
        program: 'settlement',
        instruction: 'withdrawRewardExcess',
        accounts: {
            ...poolAccounts(params),
            ...creatorAccounts(params),
            ownerTokenAccount: `tokens:${creatorOf(params)}`,
        },
        args: new Pack().u64(params.amount).done(),
    }),
    refusal: (model, { pool: id, amount }) => {
        const pool = model.pools.get(id);
        if (!pool) return 'no such pool';
        if (amount === 0n) return 'nothing is withdrawn';
        return amount > excessOf(pool) ? 'more than the excess' : null;
    },
    apply: (model, params) => {
        model.pools.get(params.pool)!.vault -= params.amount;
        addTokens(model, creatorOf(params), params.amount);
    },
});

export const retireRewardPool = operation<PoolParams>({
    name: 'retireRewardPool',
    weight: 1,
    isHarmless: (params, account, other) => account === 'pool' && other.startsWith(`pool:${creatorOf(params)}:`),
    propose: (model, random) => {
        const pool = pickPool(model, random, (one) => !one.pending && one.paid > 0n && unpaid(one) === 0n);
        return pool && { pool: pool.id };
    },
    call: (params) => ({
        program: 'settlement',
        instruction: 'retireRewardPool',
        accounts: { ...creatorAccounts(params), pool: `pool:${params.pool}` },
    }),
    refusal: (model, { pool: id }) => {
        const pool = model.pools.get(id);
        if (!pool) return 'no such pool';
        if (pool.retired) return 'it is over';
        if (pool.pending) return 'a root is pending';
        return unpaid(pool) > 0n ? 'members are not paid' : null;
    },
    apply: (model, { pool }) => {
        model.pools.get(pool)!.retired = true;
    },
});
