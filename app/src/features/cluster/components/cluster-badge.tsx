'use client';

import { formatInteger } from '../../../lib/format';
import { formatTime } from '../../../lib/time';
import { StateBadge } from '../../../ui/state-badge';
import { useSnapshot } from '../../live/hooks/use-snapshot';

/** Which chain stands behind every figure; a simulated one says so. */
export function ClusterBadge() {
    const { cluster } = useSnapshot();
    const details = [
        cluster.version && `version ${cluster.version}`,
        cluster.slot !== null && `slot ${formatInteger(cluster.slot)}`,
        cluster.timeSecs !== null && `chain time ${formatTime(cluster.timeSecs * 1000)}`,
        cluster.genesisHash && `genesis ${cluster.genesisHash}`,
    ].filter(Boolean);
    if (!cluster.reachable) {
        return (
            <StateBadge tone="bad" title="The RPC endpoint does not answer.">
                Chain unreachable
            </StateBadge>
        );
    }
    return (
        <StateBadge tone={cluster.simulated ? 'warn' : 'active'} title={details.join(', ')}>
            {cluster.simulated ? 'Simulated cluster' : (cluster.name ?? 'Unknown cluster')}
        </StateBadge>
    );
}
