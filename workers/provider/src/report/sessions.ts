import {
    buildSettlementTree,
    decodeLeaf,
    decodeReceipt,
    decodeToken,
    equalBytes,
    fromBase64,
    toHex,
} from '@ocm/sdk/core';
import type { CommitmentManifest } from '@ocm/sdk/http';
import type { CommitmentFacts } from './ports.js';

/** One session as a commitment counts it. */
export type CountedSession = { key: string; node: string; group: number; bytes: bigint; lastMs: number };

/**
 * The sessions of a manifest, or null when they do not give the root and total on chain: then nothing of it may be used.
 * Signatures were checked when it was co-signed; the root binds every byte that this reads.
 */
export function readSessions(
    manifest: CommitmentManifest | null,
    { root, totalBytes, kind }: Pick<CommitmentFacts, 'root' | 'totalBytes' | 'kind'>,
): CountedSession[] | null {
    if (manifest === null) return null;
    try {
        const leaves = manifest.sessions.map(({ leaf }) => decodeLeaf(fromBase64(leaf)));
        // What was served without keys (kind 1) has a total and no sessions.
        if (kind !== 1 || leaves.length > 0) {
            const tree = buildSettlementTree(leaves);
            if (!equalBytes(tree.root, root) || tree.totalBytes !== totalBytes) return null;
        }
        return manifest.sessions.map((session, place) => {
            const token = decodeToken(fromBase64(session.token));
            const receipt = decodeReceipt(fromBase64(session.receipt));
            const key = toHex(leaves[place]?.tokenHash ?? new Uint8Array());
            const { clientGroup: group } = token;
            const bytes = leaves[place]?.bytes ?? 0n;
            return { key, node: session.node, group, bytes, lastMs: Number(receipt.lastMs) };
        });
    } catch {
        return null;
    }
}

export type Tally = { bytes: bigint; sessions: number };

/** Sums sessions by a name. */
export function tallyBy<Name>(sessions: readonly CountedSession[], nameOf: (session: CountedSession) => Name) {
    const tallies = new Map<Name, Tally>();
    for (const session of sessions) {
        const name = nameOf(session);
        const tally = tallies.get(name) ?? { bytes: 0n, sessions: 0 };
        tallies.set(name, { bytes: tally.bytes + session.bytes, sessions: tally.sessions + 1 });
    }
    return tallies;
}

export function sumBytes(sessions: readonly { bytes: bigint }[]): bigint {
    return sessions.reduce((sum, { bytes }) => sum + bytes, 0n);
}
