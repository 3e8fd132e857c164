import { errorCodeOf, failure } from '@ocm/runtime';
import type { NodeClient } from './ports.js';

/** A longer one ends at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
const AWAY = 'MKT_RUNTIME__PEER_UNREACHABLE';

type Ask = <Answer>(
    node: string,
    signal: AbortSignal,
    ask: (signal: AbortSignal) => Promise<Answer>,
) => Promise<Answer>;

/** Nodes for one pass over all contracts: who has not answered once is not waited for again until the next pass. */
export function askMuteNodesOnce(nodes: NodeClient): NodeClient {
    const mute = new Set<string>();
    return wrap(nodes, async (node, signal, ask) => {
        if (mute.has(node)) throw failure(AWAY, `node ${node} did not answer earlier in this pass`, { node });
        try {
            return await ask(signal);
        } catch (error) {
            // Also when who asks has no more time: nobody after it has more.
            if (errorCodeOf(error) === AWAY || signal.aborted) mute.add(node);
            throw error;
        }
    });
}

/** Nodes of whom all answers together may take so long; what has not come by then comes from a node that is away. */
export function answerWithin(nodes: NodeClient, limitMs: number): NodeClient {
    const over = AbortSignal.timeout(Math.min(limitMs, LONGEST_TIMER_MS));
    return wrap(nodes, async (node, signal, ask) => {
        try {
            return await ask(AbortSignal.any([signal, over]));
        } catch (error) {
            if (!over.aborted || signal.aborted) throw error;
            throw failure(AWAY, `node ${node} did not answer in the ${limitMs} ms that there were`, { node }, error);
        }
    });
}

function wrap(nodes: NodeClient, ask: Ask): NodeClient {
    return {
        nodes: nodes.nodes,
        fetchSessions: (request, signal) => ask(request.node, signal, (until) => nodes.fetchSessions(request, until)),
        fetchRecords: (request, signal) => ask(request.node, signal, (until) => nodes.fetchRecords(request, until)),
    };
}
