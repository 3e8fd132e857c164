import { createHash } from 'node:crypto';
import { decodeLeaf, fromBase64, toHex } from '@ocm/sdk/core';
import type { CommitmentManifest } from '@ocm/sdk/http';
import type { WatchedCommitment, WatchedContract } from './ports.js';
import type { Finding, Suspicion } from './suspicion.js';

export type FindingInput = {
    contract: WatchedContract;
    commitment: WatchedCommitment;
    manifest: CommitmentManifest | null;
    suspicion: Suspicion;
    challenge: string | null;
    target: bigint | null;
    nowSecs: bigint;
};

/** What is kept of a suspicion: enough for anyone to judge it again. */
export function describeFinding(input: FindingInput): Finding {
    const { contract, commitment, suspicion, challenge, target } = input;
    const { reason, detail, session } = suspicion;
    const address = commitment.address.toBase58();
    // Same suspicion, same name: an examination that is repeated after a crash reports nothing twice.
    const digest = createHash('sha256').update(`${address}/${reason}/${session}/${detail}`).digest('hex').slice(0, 32);
    return {
        id: challenge ?? `report-${digest}`,
        reason,
        detail: detail.slice(0, 1_000),
        contract: contract.address.toBase58(),
        commitment: address,
        epoch: commitment.epoch,
        kind: commitment.kind,
        root: toHex(commitment.root),
        totalBytes: commitment.totalBytes.toString(),
        manifestHash: toHex(commitment.manifestHash),
        session,
        evidence: session === null ? null : evidenceOf(input, session),
        challenge,
        target: target?.toString() ?? null,
        observedAtSecs: Number(input.nowSecs),
    };
}

function evidenceOf({ manifest }: FindingInput, session: string): Record<string, string> | null {
    const found = manifest?.sessions.find(({ leaf }) => {
        try {
            return toHex(decodeLeaf(fromBase64(leaf)).tokenHash) === session;
        } catch {
            return false;
        }
    });
    if (found === undefined) return null;
    const { token, tokenSignature, receipt, receiptSignature, leaf, node } = found;
    return { token, tokenSignature, receipt, receiptSignature, leaf, node };
}
