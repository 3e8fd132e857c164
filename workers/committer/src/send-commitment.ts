import type { DeliveryKind } from '@ocm/sdk';
import { fromHex } from '@ocm/sdk/core';
import type { CommitmentManifest, EpochEvidence } from '@ocm/sdk/http';
import { combineSla } from './build-commitment.js';
import type { CommitDeps, EpochOutcome } from './commit-epochs.js';
import type { ContractTerms } from './ports.js';

export type SendCommitmentInput = {
    contract: ContractTerms;
    kind: DeliveryKind;
    manifest: CommitmentManifest;
    evidence: readonly EpochEvidence[];
};

/** The manifest is on disk: from here on a crash at any point leads back to this same commitment. */
export async function sendCommitment(
    deps: CommitDeps,
    { contract, kind, manifest, evidence }: SendCommitmentInput,
    signal: AbortSignal,
): Promise<EpochOutcome> {
    const { chain, finisher, intents, progress, log } = deps;
    const { epoch, root, depth, leafCount, totalBytes, manifestHash } = manifest;
    if (progress.outcomeOf(manifest.contract, epoch, kind) !== 'intent')
        await progress.record({ contract: manifest.contract, epoch, kind, outcome: 'intent', detail: root });
    const input = {
        contract,
        epoch,
        kind,
        root: fromHex(root),
        depth,
        leafCount,
        totalBytes: BigInt(totalBytes),
        manifestHash: fromHex(manifestHash),
        slaSummary: combineSla(evidence.map(({ sla }) => sla)),
    };
    const result = await intents.once(finisher, {
        key: `commit/${manifest.commitment}`,
        label: 'commit_delivery',
        signal,
        send: (options) => chain.commit(input, options),
    });
    // The next pass finds on chain what became of a transaction of an earlier life.
    if (result === 'resumed') return 'waiting';
    const { signature } = result;
    const unreceiptedBytes = evidence.reduce((sum, item) => sum + BigInt(item.unreceiptedBytes), 0n).toString();
    log.info(
        { contract: manifest.contract, epoch, kind, root, leafCount, totalBytes, unreceiptedBytes, signature },
        'deliveries committed',
    );
    return finishEpoch(deps, { contract, epoch, kind }, 'committed', signature);
}

export async function finishEpoch(
    { progress }: Pick<CommitDeps, 'progress'>,
    { contract, epoch, kind }: { contract: ContractTerms; epoch: number; kind: DeliveryKind },
    outcome: Exclude<EpochOutcome, 'waiting'>,
    detail: string,
): Promise<EpochOutcome> {
    await progress.record({ contract: contract.address.toBase58(), epoch, kind, outcome, detail });
    return outcome;
}
