import type { EpochName } from '../log/epoch-store.js';
import { epochEndMs, epochOf, servingContracts, type TopologyView } from '../topology/view.js';

const HOUR_MS = 3_600_000;

/**
 * Whose epoch a response to a viewer without keys belongs to: the one contract that this operator has in force. With none
 * or several it is nobody's, and is kept by the hour for the node's own counts.
 */
export function attributeUnkeyed(view: TopologyView | null, node: string, nowMs: number): EpochName {
    const serving = servingContracts(view, node, nowMs);
    const [contract] = serving;
    if (view === null || contract === undefined || serving.length > 1) {
        const hour = Math.floor(nowMs / HOUR_MS);
        return { contract: null, epoch: hour, closesAtMs: (hour + 1) * HOUR_MS };
    }
    const epoch = epochOf(contract, nowMs);
    const closesAtMs = epochEndMs(contract, epoch) + view.params.tokenGraceSecs * 1000;
    return { contract: contract.address, epoch, closesAtMs };
}
