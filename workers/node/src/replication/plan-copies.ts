import { createHash } from 'node:crypto';
import ipaddr from 'ipaddr.js';
import type { ClaimView, TopologyView } from '../topology/view.js';
import type { Region, ReplicationRule } from './replication-config.js';

export interface PlannedCopy {
    rule: string;
    region: Region;
    /** Base58 addresses of those who should hold it. */
    nodes: string[];
    /** Copies that no node of the region can hold. */
    missing: number;
}
export interface PlanInput {
    rules: readonly ReplicationRule[];
    view: TopologyView;
    /** Base58 address of the CAST. */
    self: string;
    /** Whether a node can be given orders and answers. */
    isAble: (node: string) => boolean;
    nowMs: number;
}

/**
 * Who holds what: in each region of a rule the first `copies` of its RELAYs by rendezvous hashing, so that a node that goes or comes
 * moves its own copies only.
 */
export function planCopies({ rules, view, self, isAble, nowMs }: PlanInput): PlannedCopy[] {
    const operator = view.nodes.find(({ address }) => address === self)?.participant;
    const own = new Set(
        view.nodes.flatMap(({ address, role, participant, isActive }) =>
            role === 'relay' && isActive && participant === operator && isAble(address) ? [address] : [],
        ),
    );
    const claims = view.claims.filter((claim) => own.has(claim.node) && isInForce(claim, nowMs));
    return rules.flatMap((rule) =>
        rule.regions.map((region) => {
            const able = new Set(claims.filter(({ footprint }) => covers(footprint, region)).map(({ node }) => node));
            const ordered = [...able].sort((a, b) => (weigh(rule, region, a) < weigh(rule, region, b) ? -1 : 1));
            const nodes = ordered.slice(0, rule.copies);
            return { rule: rule.name, region, nodes, missing: rule.copies - nodes.length };
        }),
    );
}

const isInForce = ({ isActive, isEgress, validFromSecs, validUntilSecs }: ClaimView, nowMs: number): boolean =>
    isActive && isEgress && nowMs >= validFromSecs * 1_000 && nowMs < validUntilSecs * 1_000;

/** A claim covers a region that lies within its footprint; one towards anybody covers every region. */
export function covers(footprint: ClaimView['footprint'], region: Region): boolean {
    if (footprint.kind === 'any') return true;
    if (footprint.kind !== region.kind) return false;
    if (region.kind === 'ipv4cidr' || region.kind === 'ipv6cidr') return contains(footprint.value, region.value);
    return footprint.value.toLowerCase() === region.value.toLowerCase();
}

function contains(outer: string, inner: string): boolean {
    if (!ipaddr.isValidCIDR(outer) || !ipaddr.isValidCIDR(inner)) return false;
    const [network, length] = ipaddr.parseCIDR(outer);
    const [first, innerLength] = ipaddr.parseCIDR(inner);
    return network.kind() === first.kind() && innerLength >= length && first.match(network, length);
}

const weigh = ({ name }: ReplicationRule, { kind, value }: Region, node: string): string =>
    createHash('sha256').update(`${name}|${kind}|${value}|${node}`).digest('hex');
