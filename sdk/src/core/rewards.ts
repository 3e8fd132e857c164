import { equalBytes } from './bytes.js';
import { MarketplaceError } from './error.js';
import { assertUint, FieldWriter, MAX_U64 } from './fields.js';
import { HASH_BYTES } from './hash.js';
import { computeAuditPath, computeTreeHead, verifyAuditPath } from './record-tree.js';

/** Length of the entry of a member: index, owner, lifetime amount. */
export const REWARD_ENTRY_BYTES = 44;

/** What one member of a pool has earned since its beginning. */
export interface RewardEntry {
    /** Place in the pool; it never changes hands, as what was paid is kept by place. */
    readonly index: number;
    readonly owner: Uint8Array;
    /** Base units; it never decreases. */
    readonly lifetime: bigint;
}

/** What a pool commits to. */
export interface RewardRoot {
    /** RFC 9162 tree head over the entries in the order of their index. */
    readonly root: Uint8Array;
    readonly count: number;
    readonly totalLifetime: bigint;
}

/** An entry and the nodes that prove it, bottom-up. */
export interface RewardProof {
    readonly entry: RewardEntry;
    readonly path: readonly Uint8Array[];
}

export interface RewardTree extends RewardRoot {
    /** Throws MKT_CORE__INDEX_OUT_OF_RANGE. */
    prove(index: number): RewardProof;
}

/**
 * `u32 index | owner | u64 lifetime`; its leaf hash is `hashRecord` of it.
 *
 * @throws MKT_CORE__FIELD_*
 * @example const leafHash = hashRecord(encodeRewardEntry({ index: 0, owner, lifetime: 5n }));
 */
export function encodeRewardEntry(entry: RewardEntry): Uint8Array {
    return new FieldWriter(REWARD_ENTRY_BYTES)
        .u32('index', entry.index)
        .bytes('owner', entry.owner, HASH_BYTES)
        .u64('lifetime', entry.lifetime)
        .finish();
}

/**
 * Tree of a pool's members, the place in the list being their index (protocol 6.12).
 *
 * @throws MKT_CORE__FIELD_*, MKT_CORE__AMOUNT_TOO_LARGE
 * @example const tree = buildRewardTree(members); const { entry, path } = tree.prove(3);
 */
export function buildRewardTree(members: readonly Omit<RewardEntry, 'index'>[]): RewardTree {
    const entries = members.map(({ owner, lifetime }, index) => ({ index, owner, lifetime }));
    const encoded = entries.map(encodeRewardEntry);
    const totalLifetime = entries.reduce((total, { lifetime }) => total + lifetime, 0n);
    if (totalLifetime > MAX_U64) {
        throw new MarketplaceError('MKT_CORE__AMOUNT_TOO_LARGE', { field: 'totalLifetime', value: totalLifetime });
    }
    return {
        root: computeTreeHead(encoded),
        count: entries.length,
        totalLifetime,
        prove: (index) => ({
            path: computeAuditPath(encoded, index),
            entry: entries[index] as RewardEntry,
        }),
    };
}

/**
 * Whether an entry is in a pool at its own index; malformed input is just not valid.
 *
 * @example if (!verifyReward(pool, tree.prove(3))) return 'not a member';
 */
export function verifyReward(
    { root, count }: Omit<RewardRoot, 'totalLifetime'>,
    { entry, path }: RewardProof,
): boolean {
    try {
        return verifyAuditPath({ root, index: entry.index, size: count, entry: encodeRewardEntry(entry), path });
    } catch {
        // Fields of wrong type or length come from a stranger: they prove nothing, and that is all to be said.
        return false;
    }
}

/**
 * What a proposed root must fulfil at sight: no member and no unit of the total may vanish.
 *
 * @throws MKT_CORE__REWARD_COUNT_DECREASED, MKT_CORE__REWARD_TOTAL_DECREASED, MKT_CORE__FIELD_OUT_OF_RANGE
 * @example assertRewardSuccessor(pool.active, buildRewardTree(members));
 */
export function assertRewardSuccessor(active: Omit<RewardRoot, 'root'>, pending: Omit<RewardRoot, 'root'>): void {
    assertUint('count', pending.count, 32);
    const context = { active: active.count, pending: pending.count };
    if (pending.count < active.count) throw new MarketplaceError('MKT_CORE__REWARD_COUNT_DECREASED', context);
    if (pending.totalLifetime < active.totalLifetime) {
        throw new MarketplaceError('MKT_CORE__REWARD_TOTAL_DECREASED', {
            active: active.totalLifetime,
            pending: pending.totalLifetime,
        });
    }
}

export interface RewardDecreaseInput {
    readonly active: Omit<RewardRoot, 'totalLifetime'>;
    readonly activeProof: RewardProof;
    readonly pending: Omit<RewardRoot, 'totalLifetime'>;
    readonly pendingProof: RewardProof;
}

/**
 * Checks the proof for a veto: a member of the active root has less in the pending one, or lost its place to another owner.
 *
 * @throws MKT_CORE__REWARD_INDEX_WRONG, MKT_CORE__REWARD_NOT_DECREASED, MKT_CORE__ROOT_MISMATCH if either is not included
 * @example assertRewardDecrease({ active, activeProof: old.prove(4), pending, pendingProof: proposed.prove(4) });
 */
export function assertRewardDecrease(input: RewardDecreaseInput): void {
    const before = input.activeProof.entry;
    const after = input.pendingProof.entry;
    const context = { index: before.index };
    if (before.index !== after.index) throw new MarketplaceError('MKT_CORE__REWARD_INDEX_WRONG', context);
    if (!verifyReward(input.active, input.activeProof) || !verifyReward(input.pending, input.pendingProof)) {
        throw new MarketplaceError('MKT_CORE__ROOT_MISMATCH', context);
    }
    if (equalBytes(before.owner, after.owner) && before.lifetime <= after.lifetime) {
        throw new MarketplaceError('MKT_CORE__REWARD_NOT_DECREASED', context);
    }
}
