import { urlOf } from '../../http/addresses.js';
import type { ClaimView, NodeView } from '../../topology/view.js';

/** A node as decisions need it, once for all of its claims. */
export interface NodeRef {
    readonly address: string;
    /** Base URL of its first endpoint; empty if it has none. */
    readonly url: string;
    readonly isActive: boolean;
    /** Autonomous system that its operator declares; 0 for none. */
    readonly asn: number;
    /** What it draws by; the first 32 bits of its account's address, which nobody chooses. */
    readonly seed: number;
    /** 0 when nothing has been measured. */
    readonly verifiedKilobitsPerSecond: number;
    readonly verifiedUntilMs: number;
}

/** One claim of one node. Never changed: a claim that changes gets another rule, so that whoever holds one may keep it. */
export interface Rule {
    readonly claim: ClaimView;
    readonly node: NodeRef;
    /** When contracts that pay buy the claim: from, until, from, until …, Unix milliseconds, in order. */
    readonly sold: readonly number[];
    /** null where the view does not tell. */
    readonly claimedKilobitsPerSecond: number | null;
    /** Least price in base units per gigabyte. */
    readonly pricePerGigabyte: number;
}

export function toNodeRef(node: NodeView): NodeRef {
    const [endpoint] = node.endpoints;
    return {
        address: node.address,
        url: endpoint === undefined ? '' : urlOf(endpoint.ip, endpoint.port),
        isActive: node.isActive,
        asn: node.asn ?? 0,
        seed: Number.parseInt(node.addressHex.slice(0, 8), 16),
        verifiedKilobitsPerSecond: Number(node.verifiedEgress?.kilobitsPerSecond ?? 0),
        verifiedUntilMs: (node.verifiedEgress?.expiresAtSecs ?? 0) * 1000,
    };
}

export function toRule(claim: ClaimView, node: NodeRef, sold: readonly number[]): Rule {
    const { kilobitsPerSecond, priceFloorPerGigabyte } = claim;
    return {
        claim,
        node,
        sold,
        claimedKilobitsPerSecond: kilobitsPerSecond === undefined ? null : Number(kilobitsPerSecond),
        pricePerGigabyte: Number(priceFloorPerGigabyte ?? 0),
    };
}

/** Whether both decide alike. */
export function isSameRule(a: Rule, b: Rule): boolean {
    return (
        isSameClaim(a.claim, b.claim) &&
        isSameNode(a.node, b.node) &&
        a.sold.length === b.sold.length &&
        a.sold.every((edge, i) => edge === b.sold[i])
    );
}

function isSameClaim(a: ClaimView, b: ClaimView): boolean {
    return (
        a.footprint.kind === b.footprint.kind &&
        a.footprint.value === b.footprint.value &&
        a.validFromSecs === b.validFromSecs &&
        a.validUntilSecs === b.validUntilSecs &&
        a.isActive === b.isActive &&
        a.kilobitsPerSecond === b.kilobitsPerSecond &&
        a.priceFloorPerGigabyte === b.priceFloorPerGigabyte
    );
}

const isSameNode = (a: NodeRef, b: NodeRef): boolean =>
    a.address === b.address &&
    a.url === b.url &&
    a.isActive === b.isActive &&
    a.asn === b.asn &&
    a.verifiedKilobitsPerSecond === b.verifiedKilobitsPerSecond &&
    a.verifiedUntilMs === b.verifiedUntilMs;

export const footprintText = ({ footprint }: Pick<ClaimView, 'footprint'>): string =>
    footprint.kind === 'any' ? 'any' : `${footprint.kind}:${footprint.value}`;
