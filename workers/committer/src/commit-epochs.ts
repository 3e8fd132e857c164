import {
    type Backoff,
    errorCodeOf,
    isAbort,
    KIND_COSIGNED_ONLY,
    KIND_RECEIPTED_UNICAST,
    type Logger,
} from '@ocm/runtime';
import { type DeliveryKind, findDeliveryCommitmentAddress } from '@ocm/sdk';
import { buildCommitment } from './build-commitment.js';
import { checkNodes } from './check-nodes.js';
import { collectEvidence, readCollected } from './collect-evidence.js';
import { commitUnsigned } from './commit-unsigned.js';
import { computeOpenEpochs, computePatienceEnd, computePatienceMs, listEpochsToDo, listKinds } from './epochs.js';
import type { Intents } from './intents.js';
import { answerWithin, askMuteNodesOnce } from './patient-nodes.js';
import type { CommitterChain, ContractTerms, NodeClient, TransactionFinisher } from './ports.js';
import type { Outcome, Progress } from './progress.js';
import { finishEpoch, sendCommitment } from './send-commitment.js';
import type { CommitmentStore } from './store.js';

export type CommitDeps = {
    chain: CommitterChain;
    nodes: NodeClient;
    store: CommitmentStore;
    progress: Progress;
    finisher: TransactionFinisher;
    intents: Intents;
    /** Whether traffic of viewers without keys is committed, too: it is paid only if the content provider co-signs. */
    commitUnsigned: boolean;
    backoff: Backoff;
    log: Logger;
};
export type CommitSummary = Record<'committed' | 'skipped' | 'missed' | 'waiting' | 'failed', number>;
export type EpochOutcome = Exclude<Outcome, 'intent'> | 'waiting';

/** Contracts whose epochs can still be committed to (protocol 6.7). */
const COMMITTABLE: readonly string[] = ['active', 'underfunded', 'closing'];
const KIND = KIND_RECEIPTED_UNICAST;

/**
 * One pass over all contracts and all epochs whose commit window is open, by the cluster's clock: collects evidence,
 * builds the settlement tree, commits it exactly once. Epochs without receipted bytes are skipped, as a commitment would
 * cost rent and fees and pay nothing, unless the contract has a commit fee: then the empty commitment is what earns it.
 * An epoch that cannot be committed yet holds up the later ones of its contract, which the program takes in order only.
 */
export async function commitEpochs(given: CommitDeps, signal: AbortSignal): Promise<CommitSummary> {
    const summary: CommitSummary = { committed: 0, skipped: 0, missed: 0, waiting: 0, failed: 0 };
    const deps = { ...given, nodes: askMuteNodesOnce(given.nodes) };
    const { chain, progress } = deps;
    const nowSecs = await chain.clusterTimeSecs();
    for (const contract of await chain.listContracts()) {
        if (!COMMITTABLE.includes(contract.state)) continue;
        const name = contract.address.toBase58();
        let blocked = false;
        for (const epoch of listEpochsToDo(contract, progress.rangeOf(name), nowSecs))
            for (const kind of listKinds(contract, { epoch, nowSecs, withUnsigned: deps.commitUnsigned })) {
                const key = `${name}/${epoch}/${kind}`;
                if (progress.isDone(name, epoch, kind)) continue;
                // Epochs and their kinds come in order: a later one on chain would shut this one out.
                if (blocked || !deps.backoff.isDue(key)) {
                    blocked = true;
                    continue;
                }
                signal.throwIfAborted();
                const outcome = await attempt(deps, contract, epoch, kind, signal);
                summary[outcome] += 1;
                blocked = outcome === 'waiting' || outcome === 'failed';
            }
    }
    return summary;
}

async function attempt(
    deps: CommitDeps,
    contract: ContractTerms,
    epoch: number,
    kind: DeliveryKind,
    signal: AbortSignal,
): Promise<EpochOutcome | 'failed'> {
    const name = contract.address.toBase58();
    try {
        const commit = kind === KIND_COSIGNED_ONLY ? commitUnsigned : commitEpoch;
        // The contracts before it in this pass may have taken minutes.
        return await commit(deps, contract, epoch, await deps.chain.clusterTimeSecs(), signal);
    } catch (error) {
        if (isAbort(error, signal)) throw error;
        deps.backoff.failed(`${name}/${epoch}/${kind}`);
        deps.log.warn({ contract: name, epoch, kind, code: errorCodeOf(error), err: error }, 'epoch not committed yet');
        return 'failed';
    }
}

async function commitEpoch(
    deps: CommitDeps,
    contract: ContractTerms,
    epoch: number,
    nowSecs: number,
    signal: AbortSignal,
): Promise<EpochOutcome> {
    const { chain, store, log } = deps;
    const commitment = findDeliveryCommitmentAddress({ contract: contract.address, epoch, kind: KIND });
    const where = { contract: contract.address.toBase58(), epoch, commitment: commitment.toBase58() };
    const which = { contract, epoch, kind: KIND } as const;
    if (await chain.commitmentExists(commitment)) return finishEpoch(deps, which, 'committed', 'found on chain');
    if (epoch < computeOpenEpochs(contract, nowSecs).first) {
        log.error(where, 'commit window missed, the epoch will not be paid');
        return finishEpoch(deps, which, 'missed', 'the window closed before a commitment was made');
    }
    const sellingNodes = await chain.fetchNodes(contract);
    const stored = await store.readManifest(commitment.toBase58());
    if (stored !== null) {
        const evidence = await readCollected(store, commitment, sellingNodes);
        return sendCommitment(deps, { contract, kind: KIND, manifest: stored, evidence }, signal);
    }
    const { evidence, missingNodes } = await collectEvidence(
        { ...deps, nodes: answerWithin(deps.nodes, computePatienceMs(contract, epoch, nowSecs)) },
        { commitment, contract, epoch, sellingNodes },
        signal,
    );
    const collectedAtSecs = await chain.clusterTimeSecs();
    const insists = collectedAtSecs < computePatienceEnd(contract, epoch);
    if (missingNodes.length > 0) {
        if (insists) return 'waiting';
        log.warn(
            { ...where, missingNodes },
            'committing without nodes that do not answer, their sessions of this epoch are lost',
        );
    }
    const sessions = await checkNodes(
        { ...deps, nodes: answerWithin(deps.nodes, computePatienceMs(contract, epoch, collectedAtSecs)) },
        { contract, epoch, evidence, insists },
        signal,
    );
    if (sessions === null) return 'waiting';
    const { manifest, tree, droppedSessions, unprovableSessions } = buildCommitment({
        commitment,
        contract,
        epoch,
        kind: KIND,
        sessions,
    });
    if (droppedSessions > 0)
        log.warn({ ...where, droppedSessions }, 'sessions above the cap of the contract are not paid');
    if (unprovableSessions > 0)
        log.warn({ ...where, unprovableSessions }, 'sessions whose proof fits no transaction are left out');
    if (tree.totalBytes === 0n && contract.commitFeePerEpoch === 0n)
        return finishEpoch(deps, which, 'skipped', 'no receipted bytes and no commit fee');
    await store.writeManifest(manifest);
    return sendCommitment(deps, { contract, kind: KIND, manifest, evidence }, signal);
}
