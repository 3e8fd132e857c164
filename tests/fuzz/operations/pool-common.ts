import { isSameTree, pathOf } from '../model/rewards.js';
import type { Member, Model, Pool } from '../model/state.js';
import type { Pack } from '../pack.js';
import type { Random } from '../random.js';
import { prefer } from './common.js';

export interface PoolParams {
    /** `creator:id`. */
    readonly pool: string;
}

/** A member shown with a path in some tree. */
export interface MemberParams extends PoolParams {
    readonly members: readonly Member[];
    readonly index: number;
    readonly isSpoilt: boolean;
}

export const MEMBERS = ['m0', 'm1', 'm2', 'm3', 'm4'] as const;

export const poolAccounts = ({ pool }: PoolParams) => ({ pool: `pool:${pool}`, vault: `poolVault:${pool}` });
export const creatorOf = ({ pool }: PoolParams) => pool.split(':')[0]!;
export const creatorAccounts = (params: PoolParams) => ({
    owner: `wallet:${creatorOf(params)}`,
    creator: `participant:${creatorOf(params)}`,
});

export function pickPool(model: Model, random: Random, fits: (pool: Pool) => boolean = () => true): Pool | null {
    return prefer(random, model.pools.values(), fits);
}

export function packPath(pack: Pack, { members, index, isSpoilt }: MemberParams): Pack {
    const path = pathOf(members, index).map((node) => Uint8Array.from(node));
    if (isSpoilt) path.push(new Uint8Array(32));
    pack.u32(path.length);
    for (const node of path) pack.raw(node);
    return pack;
}

/** A member of a tree, mostly with the right proof. */
export function proposeMember(random: Random, members: readonly Member[]) {
    if (members.length === 0) return null;
    return { members, index: random.int(0, members.length - 1), isSpoilt: random.chance(0.03) };
}

export const memberOf = ({ members, index }: MemberParams) => members[index]!;
export const isProof = (tree: { members: readonly Member[] } | null, params: MemberParams) =>
    tree !== null && !params.isSpoilt && isSameTree(tree.members, params.members);
