import {
    fitsTransaction,
    type InclusionTransaction,
    keyPrefix,
    MAX_BUCKET_ENTRIES,
    MAX_TREE_DEPTH,
} from '@ocm/sdk/core';
import type { EvidencedSession } from './check-evidence.js';

/**
 * The longest transaction that carries a proof of inclusion: the answer to a challenge, version 0 (two bytes more),
 * payer, challenge, commitment and program, without compute budget where that is what makes it fit.
 */
export const ANSWER_SHAPE: InclusionTransaction = {
    addresses: 4,
    signatures: 1,
    accounts: 2,
    argumentBytes: 0,
    furtherInstructionBytes: 2,
};

export type ProvableTree = {
    depth: number;
    provable: EvidencedSession[];
    /** Sessions left out: no transaction could carry their proof. */
    unprovable: EvidencedSession[];
};

/**
 * The least depth at which every leaf's proof fits one transaction. A leaf that could not be proved would cost the stake of
 * all of them as soon as a challenger picks it; so where no depth fits all, what does not fit is left out, least bytes
 * first (from some thirty thousand sessions on).
 */
export function chooseTree(sessions: readonly EvidencedSession[]): ProvableTree {
    const first = sessions.length < 2 ? 1 : Math.min(MAX_TREE_DEPTH, Math.ceil(Math.log2(sessions.length)) + 1);
    let best = { depth: first, excess: countExcess(sessions, first) };
    for (let depth = first + 1; depth <= MAX_TREE_DEPTH && best.excess > 0; depth += 1) {
        const excess = countExcess(sessions, depth);
        if (excess < best.excess) best = { depth, excess };
    }
    return splitAt(sessions, best.depth);
}

/** Sessions that do not fit their bucket. Counted by array: a quarter million sessions at nine depths are no rare epoch. */
function countExcess(sessions: readonly EvidencedSession[], depth: number): number {
    const limit = computeBucketLimit(depth);
    const counts = new Uint32Array(2 ** depth);
    let excess = 0;
    for (const { tokenHash } of sessions) {
        const bucket = keyPrefix(tokenHash, depth);
        const count = (counts[bucket] ?? 0) + 1;
        counts[bucket] = count;
        if (count > limit) excess += 1;
    }
    return excess;
}

/** Entries that a bucket may hold, so that each of them can be proved. */
export function computeBucketLimit(depth: number): number {
    let others = MAX_BUCKET_ENTRIES - 1;
    while (others > 0 && !fitsTransaction({ depth, others }, ANSWER_SHAPE)) others -= 1;
    return others + 1;
}

function splitAt(sessions: readonly EvidencedSession[], depth: number): ProvableTree {
    const limit = computeBucketLimit(depth);
    const buckets = new Map<number, EvidencedSession[]>();
    for (const session of sessions) {
        const bucket = keyPrefix(session.tokenHash, depth);
        const entries = buckets.get(bucket);
        if (entries === undefined) buckets.set(bucket, [session]);
        else entries.push(session);
    }
    const unprovable = new Set<EvidencedSession>();
    for (const entries of buckets.values()) {
        if (entries.length <= limit) continue;
        const byBytes = [...entries].sort((left, right) => (left.leaf.bytes < right.leaf.bytes ? 1 : -1));
        for (const session of byBytes.slice(limit)) unprovable.add(session);
    }
    return {
        depth,
        provable: sessions.filter((session) => !unprovable.has(session)),
        unprovable: [...unprovable],
    };
}
