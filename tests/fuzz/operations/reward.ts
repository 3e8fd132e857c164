import { unpaid } from '../model/rewards.js';
import type { Model, Pool } from '../model/state.js';
import { Pack } from '../pack.js';
import { addTokens, BUYERS, STRANGER } from './common.js';
import {
    isProof,
    type MemberParams,
    memberOf,
    type PoolParams,
    packPath,
    pickPool,
    poolAccounts,
    proposeMember,
} from './pool-common.js';
import { operation } from './types.js';

const statusName = ({ pool, index }: PoolParams & { index: number }) => `status:${pool}:${index}`;
const packMember = (params: MemberParams) => new Pack().u32(params.index);

/** A place belongs to its first proven owner for ever (decision 0050). */
function provenRefusal(pool: Pool | undefined, params: MemberParams): string | null {
    if (!pool) return 'no such pool';
    if (!isProof(pool.active, params)) return 'not in the active root';
    const status = pool.statuses.get(params.index);
    return status && status.owner !== memberOf(params).owner ? "another's place" : null;
}

function prove(pool: Pool, params: MemberParams) {
    const { owner, lifetime } = memberOf(params);
    const status = pool.statuses.get(params.index) ?? { owner, proven: 0n, claimed: 0n };
    pool.statuses.set(params.index, status);
    if (lifetime > status.proven) status.proven = lifetime;
    return status;
}

const dueOf = (model: Model, params: MemberParams) =>
    memberOf(params).lifetime - (model.pools.get(params.pool)!.statuses.get(params.index)?.claimed ?? 0n);

export const claimReward = operation<MemberParams>({
    name: 'claimReward',
    weight: 6,
    free: ['payer'],
    propose: (model, random) => {
        const pool = pickPool(model, random, ({ active }) => active.members.length > 0);
        const { members } = (random.chance(0.95) ? pool?.active : pool?.pending) ?? { members: [] };
        const member = proposeMember(random, members);
        return pool && member && { pool: pool.id, ...member };
    },
    call: (params) => ({
        program: 'settlement',
        instruction: 'claimReward',
        accounts: {
            ...poolAccounts(params),
            status: statusName(params),
            owner: `wallet:${memberOf(params).owner}`,
            ownerTokenAccount: `tokens:${memberOf(params).owner}`,
        },
        args: packPath(packMember(params).u64(memberOf(params).lifetime), params).done(),
    }),
    refusal: (model, params) => {
        const pool = model.pools.get(params.pool);
        const refusal = provenRefusal(pool, params);
        if (refusal) return refusal;
        if (dueOf(model, params) <= 0n) return 'nothing is due';
        return dueOf(model, params) > unpaid(pool!) ? 'more than the total' : null;
    },
    apply: (model, params) => {
        const due = dueOf(model, params);
        const pool = model.pools.get(params.pool)!;
        prove(pool, params).claimed += due;
        pool.paid += due;
        pool.vault -= due;
        addTokens(model, memberOf(params).owner, due);
    },
});

export const proveReward = operation<MemberParams>({
    name: 'proveReward',
    weight: 2,
    free: ['payer'],
    propose: (model, random) => {
        const pool = pickPool(model, random, ({ active, retired }) => active.members.length > 0 && !retired);
        const member = proposeMember(random, pool?.active.members ?? []);
        return pool && member && { pool: pool.id, ...member };
    },
    call: (params) => ({
        program: 'settlement',
        instruction: 'proveReward',
        accounts: { pool: `pool:${params.pool}`, status: statusName(params) },
        args: packPath(
            packMember(params)
                .address(`wallet:${memberOf(params).owner}`)
                .u64(memberOf(params).lifetime),
            params,
        ).done(),
    }),
    refusal: (model, params) => {
        const pool = model.pools.get(params.pool);
        return pool?.retired ? 'it is over' : provenRefusal(pool, params);
    },
    apply: (model, params) => {
        prove(model.pools.get(params.pool)!, params);
    },
});

export const vetoRewardRoot = operation<MemberParams & { vetoer: string }>({
    name: 'vetoRewardRoot',
    weight: 4,
    propose: (model, random) => {
        const pool = pickPool(model, random, ({ pending, statuses }) => pending !== null && statuses.size > 0);
        const member = proposeMember(random, pool?.pending?.members ?? []);
        if (!pool || !member) return null;
        const index = pool.pending!.members.findIndex(({ owner, lifetime }, place) => {
            const status = pool.statuses.get(place);
            return status && (status.owner !== owner || lifetime < status.proven);
        });
        const shown = index >= 0 && random.chance(0.9) ? index : member.index;
        return { pool: pool.id, ...member, index: shown, vetoer: random.pick([STRANGER, ...BUYERS]) };
    },
    call: (params) => ({
        program: 'settlement',
        instruction: 'vetoRewardRoot',
        accounts: {
            ...poolAccounts(params),
            vetoer: `wallet:${params.vetoer}`,
            status: statusName(params),
            vetoerTokenAccount: `tokens:${params.vetoer}`,
        },
        args: packPath(
            new Pack().address(`wallet:${memberOf(params).owner}`).u64(memberOf(params).lifetime),
            params,
        ).done(),
    }),
    refusal: (model, params) => {
        const pool = model.pools.get(params.pool);
        const status = pool?.statuses.get(params.index);
        if (!pool?.pending || !status) return 'no root is pending, or nothing was proven';
        if (!isProof(pool.pending, params)) return 'not in the pending root';
        const { owner, lifetime } = memberOf(params);
        return owner === status.owner && lifetime >= status.proven ? 'no less than before' : null;
    },
    apply: (model, params) => {
        const pool = model.pools.get(params.pool)!;
        pool.pending = null;
        pool.vault -= pool.bond / 2n;
        addTokens(model, params.vetoer, pool.bond / 2n);
    },
});
