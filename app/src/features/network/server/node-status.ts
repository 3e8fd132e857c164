import { NODE_HEADER, type NodeStatus, nodeStatus, STATUS_PATH } from '@ocm/sdk/http';
import { fetchJson } from '../../../lib/bounded-fetch';
import { isPrivateAddress } from '../../../lib/private-address';
import type { NodeFigures, NodeView } from '../../live/snapshot';

const STATUS_TIMEOUT_MS = 1_500;
const MAX_STATUS_BYTES = 64 * 1024;

export type AskNode = (url: string) => Promise<NodeStatus>;

export const askNode: AskNode = (url) =>
    fetchJson({ url, schema: nodeStatus, timeoutMs: STATUS_TIMEOUT_MS, maxBytes: MAX_STATUS_BYTES });

function toFigures(status: NodeStatus): NodeFigures {
    return {
        location: status.location ?? null,
        startedAtMs: status.startedAtMs,
        requests: status.requests,
        servedBytes: status.servedBytes,
        receiptedBytes: status.receiptedBytes,
        cacheHits: status.cache.hits,
        cacheMisses: status.cache.misses,
        cacheCollapsed: status.cache.collapsed,
        cacheObjects: status.cache.objects,
        cacheBytes: status.cache.bytes,
        parentFetches: status.parentFetches,
        openSessions: status.openSessions,
    };
}

/**
 * Asks a node for its status. Endpoints are what an operator wrote on chain, so a stranger chooses where this server
 * connects: private addresses only where the chain itself runs on this machine.
 */
export async function addStatus(node: NodeView, local: boolean, ask: AskNode = askNode): Promise<NodeView> {
    if (!node.endpoint) return { ...node, health: 'unknown', healthReason: 'No endpoint is registered.' };
    const url = new URL(STATUS_PATH, `http://${node.endpoint}`);
    if (!local && isPrivateAddress(url.hostname)) {
        return { ...node, health: 'unknown', healthReason: 'The endpoint is a private address; it is not asked.' };
    }
    try {
        const status = await ask(url.toString());
        if (status.node !== node.address) {
            return {
                ...node,
                health: 'down',
                healthReason: `Another node answers at this endpoint (${NODE_HEADER} ${status.node}).`,
            };
        }
        // The chain knows CAST, RELAY and CDN; a BEACON is a RELAY in a household and says so itself.
        const role = status.role === 'beacon' ? 'beacon' : node.role;
        return { ...node, role, health: 'up', healthReason: 'Answered just now.', status: toFigures(status) };
    } catch (error) {
        return { ...node, health: 'down', healthReason: error instanceof Error ? error.message : 'It did not answer.' };
    }
}
