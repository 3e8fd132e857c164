import { errorCodeOf, failure, isAbort, type Logger } from '@ocm/runtime';
import { DEFAULT_SESSIONS_PER_PAGE, type EpochEvidence } from '@ocm/sdk/http';
import type { PublicKey } from '@solana/web3.js';
import { assertPage } from './check-page.js';
import type { ContractTerms, EpochOfNode, NodeClient } from './ports.js';
import type { CommitmentStore } from './store.js';

export type CollectDeps = { nodes: Pick<NodeClient, 'nodes' | 'fetchSessions'>; store: CommitmentStore; log: Logger };
export type CollectInput = {
    commitment: PublicKey;
    contract: ContractTerms;
    epoch: number;
    sellingNodes: readonly PublicKey[];
};
const AWAY: ReadonlySet<string> = new Set(['MKT_RUNTIME__PEER_UNREACHABLE', 'MKT_RUNTIME__PEER_REFUSED']);

export type Collected = { evidence: EpochEvidence[]; missingNodes: string[] };

/**
 * Evidence of every node that sells under the contract. What a node has once given is kept on disk and not asked again,
 * so a node that dies later loses nothing; nodes that do not answer are named.
 */
export async function collectEvidence(deps: CollectDeps, input: CollectInput, signal: AbortSignal): Promise<Collected> {
    const names = namesOf(input.sellingNodes);
    const answers = await Promise.all(names.map((node) => collectFrom(deps, input, node, signal)));
    signal.throwIfAborted();
    return {
        evidence: answers.filter((answer) => answer !== null),
        missingNodes: names.filter((_, index) => answers[index] === null),
    };
}

async function collectFrom(
    deps: CollectDeps,
    { commitment, contract, epoch }: CollectInput,
    node: string,
    signal: AbortSignal,
): Promise<EpochEvidence | null> {
    const { nodes, store, log } = deps;
    const address = commitment.toBase58();
    const stored = await store.evidence.read(address, node);
    if (stored !== null) return stored;
    try {
        if (!nodes.nodes.has(node))
            throw failure(
                'MKT_COMMITTER__NODE_NOT_CONFIGURED',
                `no URL is configured for node ${node}; add it to nodes`,
            );
        await traverse(deps, address, { node, contract: contract.address.toBase58(), epoch }, signal);
        return await store.evidence.read(address, node);
    } catch (error) {
        if (isAbort(error, signal)) throw error;
        const code = errorCodeOf(error);
        if (code === 'MKT_COMMITTER__EVIDENCE_CHANGED') await store.evidence.discard(address, node);
        // A node that is down is waited for; one that answers wrongly has to be looked after.
        const level = AWAY.has(code) ? 'debug' : 'warn';
        log[level]({ node, epoch, code, err: error }, 'no evidence from a node yet');
        return null;
    }
}

/** Page by page; each is on disk before the next is asked for, so that a crash costs one page. */
async function traverse(
    { nodes, store }: CollectDeps,
    commitment: string,
    epoch: EpochOfNode,
    signal: AbortSignal,
): Promise<void> {
    const traversal = await store.evidence.resume(commitment, epoch.node);
    try {
        while (!traversal.isComplete) {
            const request = { ...epoch, after: traversal.next, limit: DEFAULT_SESSIONS_PER_PAGE };
            const page = await nodes.fetchSessions(request, signal);
            assertPage(page, { request, head: traversal.head, sessions: traversal.sessions });
            await traversal.append(page);
        }
    } finally {
        await traversal.close();
    }
}

/** What was collected before a manifest was written, nothing newer: the same commitment must come out again. */
export async function readCollected(
    store: CommitmentStore,
    commitment: PublicKey,
    sellingNodes: readonly PublicKey[],
): Promise<EpochEvidence[]> {
    const stored = await Promise.all(
        namesOf(sellingNodes).map((node) => store.evidence.read(commitment.toBase58(), node)),
    );
    return stored.filter((evidence) => evidence !== null);
}

function namesOf(nodes: readonly PublicKey[]): string[] {
    return [...new Set(nodes.map((node) => node.toBase58()))].sort();
}
