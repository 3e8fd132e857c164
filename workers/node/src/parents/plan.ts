import { orderByLoad } from './bounded-load.js';
import type { Parent } from './parent.js';
import type { Ring } from './ring.js';

export interface ParentTier {
    name: string;
    ring: Ring<Parent>;
}
export interface PlanInput {
    tiers: readonly ParentTier[];
    /** Base58 address of the node that asks. */
    self: string;
    /** What is hashed: an object has one owner in each tier, so that the tier fetches it once. */
    key: string;
    /** Nodes that the request has passed (RFC 8586). */
    passed: ReadonlySet<string>;
    slack: number;
}

/**
 * Parents in the order in which they should be tried. Within a tier the owner of the key goes first; a node that is the owner
 * itself, and a request that has met this tier already, go on to the next tier. Those in detention come last of all and only from the
 * last tier: asking them is better than answering an error without having asked anybody.
 */
export function planParents({ tiers, self, key, passed, slack }: PlanInput): Parent[] {
    const able: Parent[] = [];
    let detained: Parent[] = [];
    for (const [index, { ring }] of tiers.entries()) {
        const isLast = index === tiers.length - 1;
        if (!isLast && ring.members.some(({ node }) => node !== null && passed.has(node))) continue;
        const order = orderByLoad(ring, key, slack);
        const own = order.findIndex(({ node }) => node === self);
        const candidates = own < 0 ? order : order.slice(0, own);
        able.push(...candidates.filter(({ detention }) => !detention.isDetained));
        detained = candidates.filter(({ detention }) => detention.isDetained);
    }
    detained.sort((a, b) => a.detention.untilMs - b.detention.untilMs);
    return [...able, ...detained];
}
