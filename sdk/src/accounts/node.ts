import type { PublicKey } from '@solana/web3.js';
import { type CapacityClass, computeSellableRate } from '../core/capacity.js';
import { decodeEndpoints, type Endpoint } from './endpoint.js';
import { type AccountListSource, type AccountSource, createReader, type WithAddress } from './reader.js';

/** CAST: request router and mid-tier cache. RELAY: edge cache. CDN: a whole downstream CDN behind one entry. */
export type NodeRole = 'cast' | 'relay' | 'cdn';
export type NodeStatus = 'active' | 'inactive';

/** What the bandwidth proof last measured in one direction; all zero when unmeasured. */
export interface VerifiedRate {
    readonly kilobitsPerSecond: bigint;
    readonly estimateKilobitsPerSecond: bigint;
    /** Challengers on the panel, and how many of them may lie without raising the result. */
    readonly panelSize: number;
    readonly faults: number;
    /** Unix seconds. */
    readonly verifiedAt: bigint;
    readonly expiresAt: bigint;
}

/** Verified multicast reach in hosts; all zero when unmeasured. */
export interface VerifiedReach {
    readonly reach: number;
    /** Lower end of the 95 % interval. */
    readonly reachLower: number;
    /** Unix seconds. */
    readonly verifiedAt: bigint;
    readonly expiresAt: bigint;
}

/** A delivery node of a seller. */
export interface Node {
    readonly participant: PublicKey;
    readonly index: number;
    readonly role: NodeRole;
    readonly endpoints: readonly Endpoint[];
    /** Unix seconds; 0 until the endpoint has proved that it wants this traffic. */
    readonly endpointProofAt: bigint;
    readonly asn: number;
    /** RFC 9162 tree head over the node's canonical CDNi footprints. */
    readonly footprintRoot: Uint8Array;
    /** SHA-256 of the TLS key's SubjectPublicKeyInfo. */
    readonly tlsSpki: Uint8Array;
    readonly bandwidthProofFlags: number;
    readonly claimEgressKilobitsPerSecond: bigint;
    readonly claimIngressKilobitsPerSecond: bigint;
    readonly verifiedEgress: VerifiedRate;
    readonly verifiedIngress: VerifiedRate;
    readonly verifiedMulticast: VerifiedReach;
    /** Sum of the shares that running contracts hold on this node. */
    readonly committedKilobitsPerSecond: bigint;
    readonly status: NodeStatus;
    /** What carries its bytes; `CLASS_LIMITS` holds what that allows. */
    readonly class: CapacityClass;
    /** Whoever pays for the access line by volume agrees. */
    readonly meteredConsent: boolean;
    /** SHA-256 of the carousel's description; all zero where nothing comes round. */
    readonly carouselHash: Uint8Array;
}

/** Directions in which a node lets itself be measured; `bandwidthProofFlags` is the sum. */
export const BANDWIDTH_PROOFS = { egress: 1, ingress: 2, multicast: 4 } as const;

const reader = createReader(
    'registry',
    'Node',
    ({ version, bump, reserved, endpoints, ...node }): Node => ({
        ...node,
        endpoints: decodeEndpoints(endpoints),
    }),
);

/** Reads a node from account data. @throws MarketplaceError MKT_SDK__ACCOUNT_{TRUNCATED,DISCRIMINATOR,VERSION} */
export const decodeNode = reader.decode;

/**
 * A node, or null when none is registered at the address (`findNodeAddress`).
 *
 * @throws MarketplaceError as `decodeNode`, and MKT_SDK__ACCOUNT_OWNER.
 * @example const node = await fetchNode(connection, findNodeAddress({ participant, index: 0 }));
 */
export function fetchNode(connection: AccountSource, address: PublicKey): Promise<WithAddress<Node> | null> {
    return reader.fetch(connection, address);
}

/**
 * All nodes, or those of one participant.
 *
 * @throws MarketplaceError as `fetchNode`.
 * @example const nodes = await listNodes(connection, { participant: seller });
 */
export function listNodes(
    connection: AccountListSource,
    filter: { participant?: PublicKey } = {},
): Promise<WithAddress<Node>[]> {
    return reader.list(connection, { participant: filter.participant });
}

/**
 * Egress that may be sold as guaranteed at a moment: the lower of claim and measurement.
 *
 * @example const rate = computeNodeSellableRate(node, { now, requireVerified: true });
 */
export function computeNodeSellableRate(node: Node, input: { now: bigint; requireVerified: boolean }): bigint {
    return computeSellableRate({
        claimKilobitsPerSecond: node.claimEgressKilobitsPerSecond,
        verifiedKilobitsPerSecond: node.verifiedEgress.kilobitsPerSecond,
        expiresAt: node.verifiedEgress.expiresAt,
        ...input,
    });
}
