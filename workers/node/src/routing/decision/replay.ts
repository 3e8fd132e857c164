import type { DecisionRecord } from '@ocm/sdk/http';
import type { NodeHealth } from '../../ports.js';
import type { Rule } from '../rules/rule.js';
import { pickFrom } from './picker.js';

export type Replayed = Pick<DecisionRecord, 'decision' | 'node' | 'claim'>;

/**
 * Decides again from what a record holds, by the code that decided then. That it comes to the same shows that nothing else
 * went into the decision.
 */
export function replay(record: DecisionRecord): Replayed {
    const { viewer, atMs: nowMs, scoring } = record;
    const own = record.beacons.find(({ via, healthy }) => healthy && (via === 'device' || !viewer.isShared));
    if (own !== undefined) return { decision: 'beacon', node: own.node, claim: null };
    for (const { candidates } of record.steps) {
        const healths = new Map<string, NodeHealth>(candidates.map(({ node, health }) => [node, health]));
        const healthOf = (node: string): NodeHealth => {
            const health = healths.get(node);
            if (health === undefined) throw new TypeError(`the record does not hold the health of node ${node}`);
            return health;
        };
        const seen = { rules: [], healths: [] };
        const picked = pickFrom(candidates.map(toRule), 0, { bucket: viewer.bucket, nowMs, scoring, healthOf }, seen);
        if (picked !== null) {
            const { node, claim } = picked.rule;
            return { decision: 'relay', node: node.address, claim: claim.address };
        }
    }
    return { decision: 'traditional', node: null, claim: null };
}

/** Whether a record tells what was decided from what it holds. */
export function isReplayable(record: DecisionRecord): boolean {
    const { decision, node, claim } = replay(record);
    return decision === record.decision && node === record.node && claim === record.claim;
}

const toRule = (candidate: DecisionRecord['steps'][number]['candidates'][number]): Rule => ({
    claim: {
        address: candidate.claim,
        node: candidate.node,
        footprint: { kind: 'any', value: '' },
        validFromSecs: candidate.validFromMs / 1000,
        validUntilSecs: candidate.validUntilMs / 1000,
        isEgress: true,
        isActive: candidate.isClaimActive,
    },
    node: {
        address: candidate.node,
        url: 'in service',
        isActive: candidate.isInService,
        asn: 0,
        seed: candidate.seed,
        verifiedKilobitsPerSecond: candidate.verifiedKilobitsPerSecond,
        verifiedUntilMs: candidate.verifiedUntilMs,
    },
    sold: candidate.soldMs,
    claimedKilobitsPerSecond: candidate.claimedKilobitsPerSecond,
    pricePerGigabyte: candidate.pricePerGigabyte,
});
