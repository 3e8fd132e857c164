import {
    buildSettlementTree,
    encodeLeaf,
    findDeliveryCommitmentAddress,
    fromHex,
    hashLeaf,
    type InclusionProof,
    type Leaf,
    sha256,
    toBase64,
    toHex,
} from '@ocm/sdk';
import { type CommitmentManifest, computeManifestHash } from '@ocm/sdk/http';
import { commitDelivery, type ProvableCommitment, type TestSession, u64Bytes } from '../support/index.js';
import { serve } from './processes.js';
import type { AttackWorld } from './world.js';

/** What is committed instead of the tree of the sessions, and what is shown for it. */
export interface Lie {
    readonly root: Uint8Array;
    readonly depth: number;
    readonly leafCount: number;
    readonly totalBytes: bigint;
    readonly proof: InclusionProof;
    /** The manifest's sessions, where they are not those of the tree. */
    readonly listed?: readonly TestSession[];
}

const inOrder = (depthOneKey: Uint8Array) => (depthOneKey[0] ?? 0) < 0x80;
const hashPair = (left: Uint8Array, right: Uint8Array, sums: readonly bigint[]) =>
    sha256(Uint8Array.of(1), left, right, ...sums.map(u64Bytes));
const EMPTY_BUCKET = sha256(Uint8Array.of(2, 0, 0));
const entryOf = (leaf: Leaf) => Uint8Array.from([...leaf.tokenHash, ...hashLeaf(leaf), ...u64Bytes(leaf.bytes)]);

/** A2: a tree of depth one whose bucket has the session twice. */
export function countTwice(session: TestSession): Lie {
    const { leaf } = session;
    const entry = entryOf(leaf);
    const bucket = sha256(Uint8Array.of(2, 2, 0), entry, entry);
    const totalBytes = 2n * leaf.bytes;
    const isLeft = inOrder(leaf.tokenHash);
    return {
        root: isLeft
            ? hashPair(bucket, EMPTY_BUCKET, [totalBytes, 0n])
            : hashPair(EMPTY_BUCKET, bucket, [0n, totalBytes]),
        depth: 1,
        leafCount: 2,
        totalBytes,
        proof: {
            leaf: encodeLeaf(leaf),
            others: entry,
            path: Uint8Array.from([...EMPTY_BUCKET, ...u64Bytes(0n)]),
        },
        listed: [session, session],
    };
}

/** A5: the sum of the leaf's own half is right, that of the empty one is said to weigh all that the cap leaves. */
export function inflateSum(session: TestSession, totalBytes: bigint): Lie {
    const { leaf } = session;
    const bucket = sha256(Uint8Array.of(2, 1, 0), entryOf(leaf));
    const invented = totalBytes - leaf.bytes;
    return {
        root: inOrder(leaf.tokenHash)
            ? hashPair(bucket, EMPTY_BUCKET, [leaf.bytes, invented])
            : hashPair(EMPTY_BUCKET, bucket, [invented, leaf.bytes]),
        depth: 1,
        leafCount: 1,
        totalBytes,
        proof: {
            leaf: encodeLeaf(leaf),
            others: new Uint8Array(),
            path: Uint8Array.from([...EMPTY_BUCKET, ...u64Bytes(invented)]),
        },
    };
}

/** An operator that commits whatever it likes with its own key, and serves a manifest that fits it. */
export async function startCheatingOperator() {
    const manifests = new Map<string, string>();
    const server = await serve((path) => {
        const manifest = manifests.get(path.split('/').at(-1) ?? '');
        return manifest === undefined ? { status: 404, body: '{}' } : { status: 200, body: manifest };
    });
    return {
        url: server.url,
        close: server.close,
        /** Commits sessions of an epoch, or a lie about them. */
        async commit(
            { trade }: Pick<AttackWorld, 'trade'>,
            epoch: number,
            sessions: readonly TestSession[],
            lie?: Lie,
        ): Promise<ProvableCommitment> {
            const { contract } = trade;
            const tree = buildSettlementTree(sessions.map(({ leaf }) => leaf));
            const { root, depth, leafCount, totalBytes } = lie ?? tree;
            const address = findDeliveryCommitmentAddress({ contract: contract.address, epoch, kind: 0 }).toBase58();
            const node = trade.node.address.toBase58();
            const content: Omit<CommitmentManifest, 'manifestHash'> = {
                commitment: address,
                contract: contract.address.toBase58(),
                epoch,
                kind: 0,
                root: toHex(root),
                depth,
                leafCount,
                totalBytes: totalBytes.toString(),
                sessions: (lie?.listed ?? sessions).map(({ leaf, evidence }) => ({
                    token: toBase64(evidence.token),
                    tokenSignature: toBase64(evidence.tokenSignature),
                    receipt: toBase64(evidence.receipt),
                    receiptSignature: toBase64(evidence.receiptSignature),
                    leaf: toBase64(encodeLeaf(leaf)),
                    node,
                })),
            };
            const manifestHash = computeManifestHash(content);
            manifests.set(address, JSON.stringify({ ...content, manifestHash }));
            const summary = { root, depth, leafCount, totalBytes, manifestHash: fromHex(manifestHash) };
            const commitment = await commitDelivery(trade, { epoch, ...summary });
            return { trade, commitment, tree, sessions };
        },
    };
}
export type CheatingOperator = Awaited<ReturnType<typeof startCheatingOperator>>;
