import { errorCodeOf, errorMessageOf, toEvidenceTerms } from '@ocm/runtime';
import { findIssuerInForce, type PartyKey } from '@ocm/sdk';
import {
    buildSettlementTree,
    compareBytes,
    decodeLeaf,
    type EvidenceTerms,
    equalBytes,
    fromBase64,
    type Leaf,
    toHex,
} from '@ocm/sdk/core';
import { type CommitmentManifest, computeManifestHash } from '@ocm/sdk/http';
import { PublicKey } from '@solana/web3.js';
import { findHidden, findLinks } from './find-links.js';
import { judgeSession } from './judge-session.js';
import type { ReceiptCopy, WatchedCommitment, WatchedContract } from './ports.js';
import { about, isChallengeable, type Suspicion } from './suspicion.js';

const SESSIONS_PER_SLICE = 32;
const KIND_COSIGNED_ONLY = 1;

export type ExamineInput = {
    contract: WatchedContract;
    commitment: WatchedCommitment;
    /** Null: it was not served. */
    manifest: CommitmentManifest | null;
    /** Nodes of the contract's claims. */
    nodes: readonly PublicKey[];
    isSellerNode: (node: string) => Promise<boolean>;
    parties: readonly PartyKey[];
    copies: readonly ReceiptCopy[];
    signal: AbortSignal;
};
type Checked = { leaves: Leaf[]; suspicions: Suspicion[]; clients: Map<string, string[]> };

/** Everything that is wrong with a commitment by its manifest, its contract and what this worker knows itself. */
export async function examineCommitment(input: ExamineInput): Promise<Suspicion[]> {
    const { commitment, manifest } = input;
    if (commitment.kind === KIND_COSIGNED_ONLY || commitment.totalBytes === 0n) return [];
    const withheld = findWithheld(input);
    if (manifest === null || withheld !== null) return withheld === null ? [] : [withheld];
    const { leaves, suspicions, clients } = await checkSessions(input, manifest);
    const unbacked = findUnbacked(commitment, leaves);
    // Offsets hold only in the tree that was committed.
    const offsets = unbacked === null && suspicions.some(isChallengeable) ? computeOffsets(leaves) : null;
    return [
        ...(unbacked === null ? [] : [unbacked]),
        ...suspicions.map((suspicion) => ({
            ...suspicion,
            target: isChallengeable(suspicion) ? (offsets?.get(suspicion.session ?? '') ?? null) : null,
        })),
        ...findHidden(leaves, input.copies),
        ...findLinks(input.parties, clients),
    ];
}

function findWithheld({ manifest, commitment }: ExamineInput): Suspicion | null {
    if (manifest === null) return about('MANIFEST_WITHHELD', 'the committer does not serve the manifest');
    const isCommitted =
        manifest.commitment === commitment.address.toBase58() &&
        computeManifestHash(manifest) === toHex(commitment.manifestHash);
    return isCommitted ? null : about('MANIFEST_WITHHELD', 'the committer serves another manifest than was committed');
}

async function checkSessions(input: ExamineInput, manifest: CommitmentManifest): Promise<Checked> {
    const { signal } = input;
    const terms = termsOf(input);
    const sold = new Set(input.nodes.map((node) => node.toBase58()));
    const checked: Checked = { leaves: [], suspicions: [], clients: new Map() };
    for (const [index, session] of manifest.sessions.entries()) {
        if (index % SESSIONS_PER_SLICE === 0) {
            await new Promise(setImmediate);
            signal.throwIfAborted();
        }
        const leaf = decodeOrNull(session.leaf);
        if (leaf === null) continue;
        checked.leaves.push(leaf);
        const key = toHex(leaf.tokenHash);
        try {
            const token = judgeSession(session, terms);
            const [node, client] = [token.node, token.clientPublicKey].map((bytes) => new PublicKey(bytes).toBase58());
            if (node !== undefined && !sold.has(node)) checked.suspicions.push(await judgeNode(input, node, key));
            if (client !== undefined) checked.clients.set(client, [...(checked.clients.get(client) ?? []), key]);
        } catch (error) {
            checked.suspicions.push(about('LEAF_FORGED', `${errorCodeOf(error)}: ${errorMessageOf(error)}`, key));
        }
    }
    return checked;
}

/** A node of the seller that the contract has not bought may still be proved; another's cannot. */
async function judgeNode({ isSellerNode }: ExamineInput, node: string, session: string): Promise<Suspicion> {
    return (await isSellerNode(node))
        ? about('NODE_UNSOLD', `node ${node} is the seller's, and not among the contract's claims`, session)
        : about('LEAF_FORGED', `node ${node} is not the seller's`, session);
}

function termsOf({ contract, commitment }: ExamineInput): Omit<EvidenceTerms, 'node'> {
    const { epoch, kind } = commitment;
    // The contract's own tag: it is what the program compares.
    const { clusterTag } = contract;
    const issuer = findIssuerInForce(contract, epoch) ?? PublicKey.default;
    const { node, ...terms } = toEvidenceTerms(contract, { clusterTag, epoch, kind, node: PublicKey.default, issuer });
    return terms;
}

function decodeOrNull(leaf: string): Leaf | null {
    try {
        return decodeLeaf(fromBase64(leaf));
    } catch {
        // What is no leaf is in no tree: root and count then tell.
        return null;
    }
}

function findUnbacked(commitment: WatchedCommitment, leaves: readonly Leaf[]): Suspicion | null {
    try {
        const tree = buildSettlementTree(leaves, { depth: commitment.depth });
        const isRight =
            equalBytes(tree.root, commitment.root) &&
            tree.totalBytes === commitment.totalBytes &&
            tree.leafCount === commitment.leafCount;
        if (isRight) return null;
        const held = `${tree.leafCount} leaves of ${tree.totalBytes} bytes`;
        return about(
            'TREE_UNBACKED',
            `the manifest holds ${held}, committed are ${commitment.leafCount} of ${commitment.totalBytes}`,
        );
    } catch (error) {
        // Among others a token that counts twice: one key has one place.
        return about('TREE_UNBACKED', errorMessageOf(error));
    }
}

/**
 * First byte of each leaf in the tree's counting, by the hex of its key: the tree lies in the order of its keys, so that a leaf begins
 * after all bytes of smaller keys. All at once: of an epoch that is wholly forged every leaf is asked for.
 */
export function computeOffsets(leaves: readonly Leaf[]): ReadonlyMap<string, bigint> {
    let offset = 0n;
    const ordered = [...leaves].sort((left, right) => compareBytes(left.tokenHash, right.tokenHash));
    return new Map(
        ordered.map(({ tokenHash, bytes }) => {
            const entry = [toHex(tokenHash), offset] as const;
            offset += bytes;
            return entry;
        }),
    );
}
