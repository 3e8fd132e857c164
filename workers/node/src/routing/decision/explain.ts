import type { DetailedExplanation } from '@ocm/sdk/http';
import type { AddressBits } from '../address.js';
import type { RuleSync } from '../rules/rule-sync.js';
import type { Decision, DecisionContext } from './decision.js';
import { candidatesOf } from './explain-candidates.js';

export interface ExplainInput {
    context: DecisionContext;
    /** Made exhaustively. */
    decision: Decision;
    bits: AddressBits;
    address: string;
    pathAndQuery: string;
    traditionalUrl: string;
    rules: RuleSync;
    healthSnapshot: number;
}

export function explainDecision(input: ExplainInput): DetailedExplanation {
    const { context, decision, bits, address, pathAndQuery } = input;
    const { geo, index } = context;
    const { listed, omitted } = candidatesOf(input);
    return {
        address,
        path: pathAndQuery,
        decision: decision.kind,
        node: decision.node,
        location: (decision.url === '' ? input.traditionalUrl : decision.url) + pathAndQuery,
        candidates: listed,
        omitted,
        atMs: decision.nowMs,
        tableVersion: index.version,
        healthSnapshot: input.healthSnapshot,
        viewer: {
            bucket: decision.bucket,
            isShared: decision.isShared,
            device: decision.device,
            asns: [...(decision.geo?.asns ?? [])],
            subdivisions: [...(decision.geo?.subdivisions ?? [])],
            country: decision.geo?.country ?? null,
        },
        geo: [...geo.sources],
        contradictions: geo.contradictionsAt(bits).map(({ says, ...found }) => ({ ...found, says: [...says] })),
    };
}
