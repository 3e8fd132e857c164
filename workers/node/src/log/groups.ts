import type { Session } from '../sessions/session.js';

/** Group of viewers without keys; the field may not be missing (RFC 7937 3.4.1). */
export const UNKEYED_GROUP = 'unkeyed';
/** Of clients whose group was too small to be named. */
export const MERGED_GROUP = '0';

/**
 * `c-groupid` of each session, k-anonymous (security.md 3.2, P2): groups of fewer than `minGroupSize` sessions become one,
 * and as long as that one is itself too small it takes in the next smallest. A group is counted in sessions, because
 * nothing that reaches a node tells two sessions of one client from two clients.
 */
export function nameGroups(
    sessions: Iterable<Pick<Session, 'hash' | 'token'>>,
    minGroupSize: number,
): ReadonlyMap<string, string> {
    const members = new Map<number, string[]>();
    for (const { hash, token } of sessions) {
        const group = members.get(token.clientGroup);
        if (group === undefined) members.set(token.clientGroup, [hash]);
        else group.push(hash);
    }
    const names = new Map<string, string>();
    let merged = 0;
    const bySize = [...members].sort(([a, left], [b, right]) => left.length - right.length || a - b);
    for (const [group, hashes] of bySize) {
        const isSmall = hashes.length < minGroupSize || (merged > 0 && merged < minGroupSize) || group === 0;
        if (isSmall) merged += hashes.length;
        for (const hash of hashes) names.set(hash, isSmall ? MERGED_GROUP : String(group));
    }
    return names;
}
