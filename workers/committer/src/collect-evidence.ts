import { errorCodeOf, failure, isAbort, type Logger } from '@ocm/runtime';
import type { EpochEvidence } from '@ocm/sdk/http';
import type { PublicKey } from '@solana/web3.js';
import type { ContractTerms, NodeClient } from './ports.js';
import type { CommitmentStore } from './store.js';

export type CollectDeps = { nodes: NodeClient; store: CommitmentStore; log: Logger };
export type CollectInput = {
    commitment: PublicKey;
    contract: ContractTerms;
    epoch: number;
    sellingNodes: readonly PublicKey[];
};
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
    { nodes, store, log }: CollectDeps,
    { commitment, contract, epoch }: CollectInput,
    node: string,
    signal: AbortSignal,
): Promise<EpochEvidence | null> {
    const address = commitment.toBase58();
    const stored = await store.readEvidence(address, node);
    if (stored !== null) return stored;
    try {
        if (!nodes.nodes.has(node))
            throw failure(
                'MKT_COMMITTER__NODE_NOT_CONFIGURED',
                `no URL is configured for node ${node}; add it to nodes`,
            );
        const evidence = await nodes.fetchEvidence({ node, contract: contract.address, epoch }, signal);
        if (evidence.node !== node || evidence.contract !== contract.address.toBase58() || evidence.epoch !== epoch)
            throw failure(
                'MKT_COMMITTER__EVIDENCE_FOREIGN',
                `node ${node} answered for another node, contract or epoch; check its URL`,
            );
        await store.writeEvidence(address, evidence);
        return evidence;
    } catch (error) {
        if (isAbort(error, signal)) throw error;
        log.debug({ node, epoch, code: errorCodeOf(error), err: error }, 'no evidence from a node yet');
        return null;
    }
}

/** What was collected before a manifest was written, nothing newer: the same commitment must come out again. */
export async function readCollected(
    store: CommitmentStore,
    commitment: PublicKey,
    sellingNodes: readonly PublicKey[],
): Promise<EpochEvidence[]> {
    const stored = await Promise.all(
        namesOf(sellingNodes).map((node) => store.readEvidence(commitment.toBase58(), node)),
    );
    return stored.filter((evidence) => evidence !== null);
}

function namesOf(nodes: readonly PublicKey[]): string[] {
    return [...new Set(nodes.map((node) => node.toBase58()))].sort();
}
