import { createHash } from 'node:crypto';

/** Points of a member of weight 1 on the ring: with 128 the share of each stays within some ten per cent of what it should be. */
const POINTS_PER_WEIGHT = 128;
export const MAX_WEIGHT = 100;

export interface RingMember {
    /** Says which points are the member's: the same on every node of the network. */
    readonly name: string;
    /** Whole number from 1: a member of weight 2 gets twice the keys. */
    readonly weight: number;
}

/** Consistent hashing (Karger et al., STOC 1997): a member that comes or goes moves its own keys only. */
export class Ring<Member extends RingMember> {
    readonly members: readonly Member[];
    readonly #points: Uint32Array;
    readonly #owners: Uint16Array;

    constructor(members: readonly Member[]) {
        this.members = members;
        const placed = members.flatMap(({ name, weight }, owner) =>
            Array.from({ length: weight * POINTS_PER_WEIGHT }, (_, index) => ({
                at: hash32(`${name}#${index}`),
                owner,
            })),
        );
        // Equal points are ordered by name, or two nodes that list members differently would disagree.
        const nameOf = (owner: number): string => members[owner]?.name ?? '';
        placed.sort((a, b) => a.at - b.at || (nameOf(a.owner) < nameOf(b.owner) ? -1 : 1));
        this.#points = Uint32Array.from(placed, ({ at }) => at);
        this.#owners = Uint16Array.from(placed, ({ owner }) => owner);
    }

    /** Every member once, in the order in which this key turns to them. */
    *walk(key: string): Generator<Member> {
        if (this.members.length <= 1) return yield* this.members;
        const seen = new Set<number>();
        const first = this.#firstFrom(hash32(key));
        for (let step = 0; step < this.#points.length && seen.size < this.members.length; step += 1) {
            const owner = this.#owners[(first + step) % this.#points.length] ?? 0;
            if (seen.has(owner)) continue;
            seen.add(owner);
            const member = this.members[owner];
            if (member !== undefined) yield member;
        }
    }

    #firstFrom(at: number): number {
        let low = 0;
        let high = this.#points.length;
        while (low < high) {
            const middle = (low + high) >>> 1;
            if ((this.#points[middle] ?? 0) < at) low = middle + 1;
            else high = middle;
        }
        return low === this.#points.length ? 0 : low;
    }
}

const hash32 = (text: string): number => createHash('sha256').update(text).digest().readUInt32BE(0);
