import { type PoolParams, pickPool, poolAccounts } from './pool-common.js';
import { operation } from './types.js';

export const closeRewardStatus = operation<PoolParams & { index: number }>({
    name: 'closeRewardStatus',
    weight: 1,
    isHarmless: ({ pool }, account, other) => account === 'status' && other.startsWith(`status:${pool}:`),
    propose: (model, random) => {
        const pool = pickPool(model, random, ({ statuses }) => statuses.size > 0);
        if (!pool || (!pool.retired && random.chance(0.9))) return null;
        const index = pool.statuses.size > 0 ? random.pick([...pool.statuses.keys()]) : 0;
        return { pool: pool.id, index };
    },
    call: ({ pool, index }) => ({
        program: 'settlement',
        instruction: 'closeRewardStatus',
        accounts: { pool: `pool:${pool}`, status: `status:${pool}:${index}`, rentPayer: 'wallet:payer' },
    }),
    refusal: (model, { pool: id, index }) => {
        const pool = model.pools.get(id);
        if (!pool?.statuses.has(index)) return 'no such status';
        return pool.retired ? null : 'what was paid would be forgotten';
    },
    apply: (model, { pool, index }) => {
        model.pools.get(pool)!.statuses.delete(index);
    },
});

export const closeRewardPool = operation<PoolParams>({
    name: 'closeRewardPool',
    weight: 1,
    propose: (model, random) => {
        const pool = pickPool(model, random, ({ retired }) => retired);
        return pool && { pool: pool.id };
    },
    call: (params) => ({
        program: 'settlement',
        instruction: 'closeRewardPool',
        accounts: { ...poolAccounts(params), rentPayer: 'wallet:payer' },
    }),
    refusal: (model, { pool: id }) => {
        const pool = model.pools.get(id);
        if (!pool) return 'no such pool';
        if (!pool.retired) return 'not retired';
        if (pool.statuses.size > 0) return 'statuses stand';
        return pool.vault > 0n ? 'the vault is not empty' : null;
    },
    apply: (model, { pool }) => {
        model.pools.delete(pool);
    },
});
