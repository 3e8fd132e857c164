'use client';

import type { RouteExplanation } from '@ocm/sdk/http';
import { shorten } from '../../../lib/format';
import { StateBadge } from '../../../ui/state-badge';
import { useSnapshot } from '../../live/hooks/use-snapshot';
import { formatFootprintText } from '../../network/footprint';
import { nameOf, ROLE_WORDS } from '../../network/words';

const DECISIONS: Readonly<Record<RouteExplanation['decision'], string>> = {
    beacon: 'a BEACON serves it',
    relay: 'a RELAY serves it',
    traditional: 'traditional delivery, no node covers it',
};

/** The router's own account of its decision. */
export function RouteExplanationView({ explanation }: { explanation: RouteExplanation }) {
    const { nodes } = useSnapshot();
    const nameFor = (address: string) => {
        const node = nodes.find((candidate) => candidate.address === address);
        return node ? nameOf(node) : shorten(address);
    };
    return (
        <div className="text-sm" data-testid="route-explanation">
            <p>
                Why: for <code>{explanation.address}</code> {DECISIONS[explanation.decision]}.
            </p>
            {explanation.candidates.length > 0 ? (
                <ul className="mt-2 space-y-2">
                    {explanation.candidates.map((candidate) => (
                        <li
                            key={candidate.node + candidate.footprint}
                            className="flex flex-wrap items-baseline gap-x-2 gap-y-1 border-line border-l-2 pl-3"
                        >
                            <span className="font-medium" title={candidate.node}>
                                {nameFor(candidate.node)}
                            </span>
                            <span className="text-muted">
                                {ROLE_WORDS[candidate.role]}, <code>{formatFootprintText(candidate.footprint)}</code>
                            </span>
                            {candidate.chosen ? <StateBadge tone="good">Chosen</StateBadge> : null}
                            <span className="w-full text-muted">{candidate.reason}</span>
                        </li>
                    ))}
                </ul>
            ) : null}
        </div>
    );
}
