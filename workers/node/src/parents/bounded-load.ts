import type { Ring, RingMember } from './ring.js';

/** So many under way at one member are no load yet: with few requests a fair share is one, and every second would spill. */
export const UNBOUNDED_LOAD = 32;

export interface LoadedMember extends RingMember {
    /** Requests under way. */
    load: number;
}

/**
 * Members in the order in which a request for `key` should try them: consistent hashing with bounded loads (Mirrokni,
 * Thorup and Zadimoghaddam, SODA 2018). Nobody gets more than 1 + `slack` times its fair share of what is under way, so one hot
 * key spills to its next members instead of drowning its owner; those beyond their bound come last, not never.
 */
export function orderByLoad<Member extends LoadedMember>(ring: Ring<Member>, key: string, slack: number): Member[] {
    const { load: total, weight: weights } = ring.members.reduce(
        (sum, { load, weight }) => ({ load: sum.load + load, weight: sum.weight + weight }),
        { load: 0, weight: 0 },
    );
    const within: Member[] = [];
    const beyond: Member[] = [];
    for (const member of ring.walk(key)) {
        const share = Math.ceil(((1 + slack) * (total + 1) * member.weight) / weights);
        const bound = Math.max(UNBOUNDED_LOAD, share);
        (member.load < bound ? within : beyond).push(member);
    }
    return [...within, ...beyond];
}
