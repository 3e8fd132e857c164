import type { Logger } from '@ocm/runtime';
import type { EpochEvidence } from '@ocm/sdk/http';
import { checkEvidence, type EvidencedSession } from './check-evidence.js';
import type { CommitterChain, ContractTerms, NodeClient } from './ports.js';
import { sampleRecords } from './sample-records.js';

export type CheckNodesDeps = {
    chain: Pick<CommitterChain, 'clusterTag'>;
    nodes: Pick<NodeClient, 'fetchRecords'>;
    log: Logger;
};

export type CheckNodesInput = {
    contract: ContractTerms;
    epoch: number;
    evidence: readonly EpochEvidence[];
    insists: boolean;
};

/** The sessions of all nodes that can be proved and, as far as a sample shows, whose records can be. Null to be tried again. */
export async function checkNodes(
    { chain, nodes, log }: CheckNodesDeps,
    { contract, epoch, evidence, insists }: CheckNodesInput,
    signal: AbortSignal,
): Promise<EvidencedSession[] | null> {
    const clusterTag = await chain.clusterTag();
    const checked = await Promise.all(
        evidence.map(async (item) => {
            const { node } = item;
            const sessions = await checkEvidence({ evidence: item, contract, epoch, node, clusterTag, log, signal });
            const place = { node, contract: contract.address.toBase58(), epoch };
            return sampleRecords({ nodes, log }, { epoch: place, sessions, insists }, signal);
        }),
    );
    const sampled = checked.filter((sessions) => sessions !== null);
    return sampled.length < checked.length ? null : sampled.flat();
}
