import {
    buildSettlementTree,
    decodeLeaf,
    decodeReceipt,
    decodeToken,
    equalBytes,
    fromBase64,
    hashReceipt,
    hashToken,
    type Leaf,
    toHex,
} from '@ocm/sdk/core';
import type { CommitmentManifest } from '@ocm/sdk/http';
import { PublicKey } from '@solana/web3.js';
import type { CommitmentFacts } from './ports.js';

/** One session as a commitment counts it. */
export type CountedSession = { key: string; node: string; group: number; bytes: bigint; lastMs: bigint };

/**
 * The sessions of a manifest, or null when they do not give the root and total on chain: then nothing of it may be used.
 * Signatures were checked if it was co-signed here; the root binds every byte that is read, whoever served it.
 */
export function readSessions(
    manifest: CommitmentManifest | null,
    { root, depth, totalBytes, kind }: Pick<CommitmentFacts, 'root' | 'depth' | 'totalBytes' | 'kind'>,
): CountedSession[] | null {
    if (manifest === null) return null;
    try {
        const leaves = manifest.sessions.map(({ leaf }) => decodeLeaf(fromBase64(leaf)));
        // What was served without keys (kind 1) has a total and no sessions.
        if (kind !== 1 || leaves.length > 0) {
            const tree = buildSettlementTree(leaves, { depth });
            if (!equalBytes(tree.root, root) || tree.totalBytes !== totalBytes) return null;
        }
        return manifest.sessions.map((session, place) => readSession(session, leaves[place]));
    } catch {
        return null;
    }
}

/** Node, group and time are in token and receipt, whose hashes are in the leaf. */
function readSession(session: CommitmentManifest['sessions'][number], leaf: Leaf | undefined): CountedSession {
    const [tokenBytes, receiptBytes] = [fromBase64(session.token), fromBase64(session.receipt)];
    const isBound =
        leaf !== undefined &&
        equalBytes(hashToken(tokenBytes), leaf.tokenHash) &&
        equalBytes(hashReceipt(receiptBytes), leaf.receiptHash);
    if (!isBound) throw new Error('a session is not the one of its leaf');
    const { node, clientGroup: group } = decodeToken(tokenBytes);
    const { lastMs } = decodeReceipt(receiptBytes);
    const { bytes, tokenHash } = leaf;
    return { key: toHex(tokenHash), node: new PublicKey(node).toBase58(), group, bytes, lastMs };
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
