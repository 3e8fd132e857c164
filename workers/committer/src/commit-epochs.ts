import { type Backoff, errorCodeOf, isAbort, KIND_RECEIPTED_UNICAST, type Logger } from '@ocm/runtime';
import { findDeliveryCommitmentAddress } from '@ocm/sdk';
import { fromHex } from '@ocm/sdk/core';
import type { CommitmentManifest, EpochEvidence } from '@ocm/sdk/http';
import { buildCommitment, combineSla } from './build-commitment.js';
import { checkEvidence } from './check-evidence.js';
import { collectEvidence, readCollected } from './collect-evidence.js';
import { computeOpenEpochs, computePatienceEnd } from './epochs.js';
import type { CommitterChain, ContractTerms, NodeClient } from './ports.js';
import type { Outcome, Progress } from './progress.js';
import type { CommitmentStore } from './store.js';

export type CommitDeps = {
    chain: CommitterChain;
    nodes: NodeClient;
    store: CommitmentStore;
    progress: Progress;
    backoff: Backoff;
    log: Logger;
};
export type CommitSummary = Record<'committed' | 'skipped' | 'missed' | 'waiting' | 'failed', number>;
type EpochOutcome = Exclude<Outcome, 'intent'> | 'waiting';

/** Contracts whose epochs can still be committed to (protocol 6.7). */
const COMMITTABLE: readonly string[] = ['active', 'underfunded', 'closing'];
const KIND = KIND_RECEIPTED_UNICAST;

/**
 * One pass over all contracts and all epochs whose commit window is open, by the cluster's clock: collects evidence,
 * builds the settlement tree, commits it exactly once. Epochs without receipted bytes are skipped, as a commitment would
 * cost rent and fees and pay nothing, unless the contract has a commit fee: then the empty commitment is what earns it.
 */
export async function commitEpochs(deps: CommitDeps, signal: AbortSignal): Promise<CommitSummary> {
    const summary: CommitSummary = { committed: 0, skipped: 0, missed: 0, waiting: 0, failed: 0 };
    const { chain, progress, log } = deps;
    const nowSecs = await chain.clusterTimeSecs();
    for (const contract of await chain.listContracts()) {
        if (!COMMITTABLE.includes(contract.state)) continue;
        const name = contract.address.toBase58();
        for (const epoch of listEpochsToDo(contract, progress, nowSecs)) {
            const key = `${name}/${epoch}`;
            if (progress.isDone(name, epoch) || !deps.backoff.isDue(key)) continue;
            signal.throwIfAborted();
            try {
                summary[await commitEpoch(deps, contract, epoch, nowSecs, signal)] += 1;
            } catch (error) {
                if (isAbort(error, signal)) throw error;
                summary.failed += 1;
                deps.backoff.failed(key);
                log.warn({ contract: name, epoch, code: errorCodeOf(error), err: error }, 'epoch not committed yet');
            }
        }
    }
    return summary;
}

/** Open epochs, and those that closed while this worker was down: they are to be reported, not forgotten. */
function listEpochsToDo(contract: ContractTerms, progress: Progress, nowSecs: number): number[] {
    const { first, last } = computeOpenEpochs(contract, nowSecs);
    const known = progress.rangeOf(contract.address.toBase58());
    const from = known === null ? first : Math.min(first, known.lowest);
    return Array.from({ length: Math.max(0, last - from + 1) }, (_, index) => from + index);
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
    if (await chain.commitmentExists(commitment)) return finish(deps, contract, epoch, 'committed', 'found on chain');
    if (epoch < computeOpenEpochs(contract, nowSecs).first) {
        log.error(where, 'commit window missed, the epoch will not be paid');
        return finish(deps, contract, epoch, 'missed', 'the window closed before a commitment was made');
    }
    const sellingNodes = await chain.fetchNodes(contract);
    const stored = await store.readManifest(commitment.toBase58());
    if (stored !== null)
        return send(deps, contract, stored, await readCollected(store, commitment, sellingNodes), signal);
    const { evidence, missingNodes } = await collectEvidence(
        deps,
        { commitment, contract, epoch, sellingNodes },
        signal,
    );
    if (missingNodes.length > 0) {
        if (nowSecs < computePatienceEnd(contract, epoch)) return 'waiting';
        log.warn(
            { ...where, missingNodes },
            'committing without nodes that do not answer, their sessions of this epoch are lost',
        );
    }
    const clusterTag = await chain.clusterTag();
    const sessions = await Promise.all(
        evidence.map((item) =>
            checkEvidence({ evidence: item, contract, epoch, node: item.node, clusterTag, log, signal }),
        ),
    );
    const { manifest, tree, droppedSessions } = buildCommitment({
        commitment,
        contract,
        epoch,
        kind: KIND,
        sessions: sessions.flat(),
    });
    if (droppedSessions > 0)
        log.warn({ ...where, droppedSessions }, 'sessions above the cap of the contract are not paid');
    if (tree.totalBytes === 0n && contract.commitFeePerEpoch === 0n)
        return finish(deps, contract, epoch, 'skipped', 'no receipted bytes and no commit fee');
    await store.writeManifest(manifest);
    return send(deps, contract, manifest, evidence, signal);
}

/** The manifest is on disk: from here on a crash at any point leads back to this same commitment. */
async function send(
    deps: CommitDeps,
    contract: ContractTerms,
    manifest: CommitmentManifest,
    evidence: readonly EpochEvidence[],
    signal: AbortSignal,
): Promise<EpochOutcome> {
    const { chain, progress, log } = deps;
    const { epoch, root, depth, leafCount, totalBytes, manifestHash } = manifest;
    if (progress.outcomeOf(manifest.contract, epoch) !== 'intent')
        await progress.record({ contract: manifest.contract, epoch, kind: KIND, outcome: 'intent', detail: root });
    const { signature } = await chain.commit(
        {
            contract,
            epoch,
            kind: KIND,
            root: fromHex(root),
            depth,
            leafCount,
            totalBytes: BigInt(totalBytes),
            manifestHash: fromHex(manifestHash),
            slaSummary: combineSla(evidence.map(({ sla }) => sla)),
        },
        signal,
    );
    const unreceiptedBytes = evidence.reduce((sum, item) => sum + BigInt(item.unreceiptedBytes), 0n).toString();
    log.info(
        { contract: manifest.contract, epoch, root, leafCount, totalBytes, unreceiptedBytes, signature },
        'deliveries committed',
    );
    return finish(deps, contract, epoch, 'committed', signature);
}

async function finish(
    { progress }: CommitDeps,
    contract: ContractTerms,
    epoch: number,
    outcome: Exclude<EpochOutcome, 'waiting'>,
    detail: string,
): Promise<EpochOutcome> {
    await progress.record({ contract: contract.address.toBase58(), epoch, kind: KIND, outcome, detail });
    return outcome;
}
