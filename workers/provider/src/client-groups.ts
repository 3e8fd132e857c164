import { randomBytes } from 'node:crypto';

/** Clients per group: large enough that a group id in a log singles out nobody (security.md 3.2, rule P2). */
const GROUP_SIZE = 50;
const DAY_SECS = 86_400;

/**
 * Random group ids, at least 50 sessions each and never longer than a day. No table from clients to groups exists and
 * no address takes part, so there is nothing to delete and nothing to reverse.
 */
export function createClientGroups(fixed?: number): { next(nowSecs: number): number } {
    let current = { id: 0, day: -1, members: 0 };
    return {
        next(nowSecs) {
            if (fixed !== undefined) return fixed;
            const day = Math.floor(nowSecs / DAY_SECS);
            if (current.day !== day || current.members >= GROUP_SIZE)
                current = { id: randomBytes(4).readUInt32LE(), day, members: 0 };
            current.members += 1;
            return current.id;
        },
    };
}
