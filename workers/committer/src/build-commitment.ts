import type { DeliveryKind } from '@ocm/sdk';
import {
    buildSettlementTree,
    compareBytes,
    computeMaxEpochBytes,
    fromHex,
    type SettlementTree,
    type SlaSummary,
    toHex,
} from '@ocm/sdk/core';
import { type CommitmentManifest, computeManifestHash, type EpochEvidence } from '@ocm/sdk/http';
import type { PublicKey } from '@solana/web3.js';
import type { EvidencedSession } from './check-evidence.js';
import type { ContractTerms } from './ports.js';
import { chooseTree } from './tree-depth.js';

export type BuiltCommitment = {
    tree: SettlementTree;
    manifest: CommitmentManifest;
    manifestHash: Uint8Array;
    /** Sessions left out because the contract's cap pays no more. */
    droppedSessions: number;
    /** Sessions left out because no transaction could carry their proof. */
    unprovableSessions: number;
};
export type BuildInput = {
    commitment: PublicKey;
    contract: ContractTerms;
    epoch: number;
    kind: DeliveryKind;
    sessions: readonly EvidencedSession[];
};

/** Same sessions in any order give the same bytes: a rebuild after a crash must not differ from what was sent before it. */
export function buildCommitment({ commitment, contract, epoch, kind, sessions }: BuildInput): BuiltCommitment {
    const ordered = [...sessions].sort((left, right) => compareBytes(left.tokenHash, right.tokenHash));
    const payable = takeUpToCap(ordered, computeMaxEpochBytes(contract));
    const { depth, provable, unprovable } = chooseTree(payable);
    const tree = buildSettlementTree(
        provable.map(({ leaf }) => leaf),
        { depth },
    );
    const content = {
        commitment: commitment.toBase58(),
        contract: contract.address.toBase58(),
        epoch,
        kind,
        root: toHex(tree.root),
        depth: tree.depth,
        leafCount: tree.leafCount,
        totalBytes: tree.totalBytes.toString(),
        sessions: provable.map(toManifestSession),
    };
    const manifestHash = computeManifestHash(content);
    return {
        tree,
        manifest: { ...content, manifestHash },
        manifestHash: fromHex(manifestHash),
        droppedSessions: ordered.length - payable.length,
        unprovableSessions: unprovable.length,
    };
}

/** The signed parts alone: what else a node tells of a session is not committed to. */
function toManifestSession({ node, evidence }: EvidencedSession): CommitmentManifest['sessions'][number] {
    const { token, tokenSignature, receipt, receiptSignature, leaf } = evidence;
    return { token, tokenSignature, receipt, receiptSignature, leaf, node };
}

/** The program refuses a total above the cap; whole sessions are left out, since a receipt cannot be cut. */
function takeUpToCap(sessions: readonly EvidencedSession[], maxBytes: bigint): EvidencedSession[] {
    let total = 0n;
    return sessions.filter(({ leaf }) => {
        if (total + leaf.bytes > maxBytes) return false;
        total += leaf.bytes;
        return true;
    });
}

const PARTS_PER_MILLION = 1_000_000;

/**
 * One summary over the nodes: shares weighted by sessions and rounded against the seller, the slowest time to first byte.
 * Without a session there is nothing to fall short of.
 */
export function combineSla(summaries: readonly EpochEvidence['sla'][]): SlaSummary {
    const sessions = summaries.reduce((sum, summary) => sum + summary.sessions, 0);
    if (sessions === 0)
        return { availabilityPpm: PARTS_PER_MILLION, errorPpm: 0, ttfbP95Ms: 0, stallPpm: 0, sessions: 0 };
    const mean = (field: 'availabilityPpm' | 'errorPpm' | 'stallPpm') =>
        summaries.reduce((sum, summary) => sum + summary[field] * summary.sessions, 0) / sessions;
    return {
        availabilityPpm: Math.floor(mean('availabilityPpm')),
        errorPpm: Math.ceil(mean('errorPpm')),
        ttfbP95Ms: Math.min(0xffff, Math.max(...summaries.map(({ ttfbP95Ms }) => ttfbP95Ms))),
        stallPpm: Math.ceil(mean('stallPpm')),
        sessions,
    };
}
