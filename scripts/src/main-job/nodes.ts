import type { PublicKey } from '@solana/web3.js';

export const NODE_NAMES = ['cast', 'relay-a', 'relay-b'] as const;
export type NodeName = (typeof NODE_NAMES)[number];
export type NodeAddresses = Record<NodeName, PublicKey>;

/** The operator's nodes. Locations are what an operator declares; nothing proves them. */
export const NODES: Record<
    NodeName,
    {
        index: number;
        role: 'cast' | 'relay';
        asn: number;
        location: { label: string; latitude: number; longitude: number };
    }
> = {
    cast: { index: 0, role: 'cast', asn: 64_500, location: { label: 'Frankfurt', latitude: 50.11, longitude: 8.68 } },
    'relay-a': {
        index: 1,
        role: 'relay',
        asn: 64_500,
        location: { label: 'Lisbon', latitude: 38.72, longitude: -9.14 },
    },
    'relay-b': {
        index: 2,
        role: 'relay',
        asn: 64_496,
        location: { label: 'Nairobi', latitude: -1.29, longitude: 36.82 },
    },
};

/** What each node says that it can carry. CAST feeds both RELAYs. */
export const CLAIMED_KILOBITS_PER_SECOND = 100_000n;
