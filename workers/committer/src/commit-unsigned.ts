import { KIND_COSIGNED_ONLY, KIND_RECEIPTED_UNICAST } from '@ocm/runtime';
import { findDeliveryCommitmentAddress } from '@ocm/sdk';
import { buildSettlementTree, buildUnsignedLeaf, computeMaxEpochBytes, toHex } from '@ocm/sdk/core';
import { type CommitmentManifest, computeManifestHash, type EpochEvidence } from '@ocm/sdk/http';
import { PublicKey } from '@solana/web3.js';
import { readCollected } from './collect-evidence.js';
import type { CommitDeps, EpochOutcome } from './commit-epochs.js';
import { computeCommitWindow } from './epochs.js';
import type { ContractTerms } from './ports.js';
import { finishEpoch, sendCommitment } from './send-commitment.js';

/**
 * What viewers without keys took in an epoch, next to its receipted deliveries and after them: one leaf for each node, paid
 * only if the content provider co-signs. Uses the evidence that was collected for those.
 */
export async function commitUnsigned(
    deps: CommitDeps,
    contract: ContractTerms,
    epoch: number,
    nowSecs: number,
    signal: AbortSignal,
): Promise<EpochOutcome> {
    const { chain, store } = deps;
    const kind = KIND_COSIGNED_ONLY;
    const which = { contract, epoch, kind } as const;
    const addressOf = (of: 0 | 1) => findDeliveryCommitmentAddress({ contract: contract.address, epoch, kind: of });
    const commitment = addressOf(kind);
    if (await chain.commitmentExists(commitment)) return finishEpoch(deps, which, 'committed', 'found on chain');
    if (nowSecs > computeCommitWindow(contract, epoch).closesAt)
        return finishEpoch(deps, which, 'missed', 'the window closed before a commitment was made');
    const receipted = addressOf(KIND_RECEIPTED_UNICAST);
    const evidence = await readCollected(store, receipted, await chain.fetchNodes(contract));
    const stored = await store.readManifest(commitment.toBase58());
    if (stored !== null) return sendCommitment(deps, { contract, kind, manifest: stored, evidence }, signal);
    const receiptedBytes = BigInt((await store.readManifest(receipted.toBase58()))?.totalBytes ?? 0);
    const spareBytes = computeMaxEpochBytes(contract) - receiptedBytes;
    const manifest = buildUnsignedManifest({ commitment, contract, epoch, evidence, spareBytes });
    if (manifest === null) return finishEpoch(deps, which, 'skipped', 'no bytes without a receipt below the cap');
    await store.writeManifest(manifest);
    return sendCommitment(deps, { contract, kind, manifest, evidence }, signal);
}

export type UnsignedInput = {
    commitment: PublicKey;
    contract: Pick<ContractTerms, 'address'>;
    epoch: number;
    evidence: readonly EpochEvidence[];
    /** What the receipted deliveries leave of the contract's cap. */
    spareBytes: bigint;
};

/** Null where there is nothing to commit. The nodes are in the order of their addresses, whatever order they answered in. */
export function buildUnsignedManifest(input: UnsignedInput): CommitmentManifest | null {
    const { commitment, contract, epoch, evidence } = input;
    let spareBytes = input.spareBytes;
    const ordered = [...evidence].sort((left, right) => (left.node < right.node ? -1 : 1));
    const unsigned = ordered.flatMap(({ node, unreceiptedBytes }) => {
        const served = BigInt(unreceiptedBytes);
        const bytes = served < spareBytes ? served : spareBytes;
        spareBytes -= bytes;
        return bytes > 0n ? [{ node, bytes: bytes.toString() }] : [];
    });
    if (unsigned.length === 0) return null;
    const tree = buildSettlementTree(
        unsigned.map(({ node, bytes }) =>
            buildUnsignedLeaf({
                contract: contract.address.toBytes(),
                epoch,
                node: new PublicKey(node).toBytes(),
                bytes: BigInt(bytes),
            }),
        ),
    );
    const content = {
        commitment: commitment.toBase58(),
        contract: contract.address.toBase58(),
        epoch,
        kind: KIND_COSIGNED_ONLY,
        root: toHex(tree.root),
        depth: tree.depth,
        leafCount: tree.leafCount,
        totalBytes: tree.totalBytes.toString(),
        sessions: [],
        unsigned,
    };
    return { ...content, manifestHash: computeManifestHash(content) };
}
