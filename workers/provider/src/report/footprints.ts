import type { CapacityClaim, WithAddress } from '@ocm/sdk';

/** Footprints by node, as `ipv4cidr:192.0.2.0/24`. */
export function listFootprints(claims: readonly WithAddress<CapacityClaim>[]): Map<string, string[]> {
    const byNode = new Map<string, Set<string>>();
    for (const { node, footprint } of claims) {
        const name = footprint.kind === 'any' ? 'any' : `${footprint.kind}:${footprint.value}`;
        byNode.set(node.toBase58(), (byNode.get(node.toBase58()) ?? new Set()).add(name));
    }
    return new Map([...byNode].map(([node, names]) => [node, [...names].sort()]));
}
