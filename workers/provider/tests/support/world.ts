import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBackoff, createLogger, failure } from '@ocm/runtime';
import {
    buildSettlementTree,
    buildUnsignedLeaf,
    decodeLeaf,
    fromBase64,
    fromHex,
    generateKeyPair,
    type SettlementTree,
    toHex,
} from '@ocm/sdk/core';
import { type CommitmentManifest, computeManifestHash } from '@ocm/sdk/http';
import { Keypair, type PublicKey } from '@solana/web3.js';
import {
    CLUSTER_TAG,
    createContract,
    freshAddress,
    GENESIS_SECS,
    namedAddress,
    type SessionFixture,
} from '../../../runtime/tests/support/sessions.js';
import { Ledger } from '../../src/ledger.js';
import type { Commitment, CommitterClient, ProviderChain } from '../../src/ports.js';
import { resolveCaps, type TokenCapsConfig } from '../../src/tokens/caps.js';
import { openGrantBook } from '../../src/tokens/grant-book.js';
import type { IssuerKeys } from '../../src/tokens/keyring.js';
import { createTokenIssuer } from '../../src/tokens/token-issuer.js';

export const log = createLogger({ name: 'test', level: 'silent' });

/** A content provider with its ledger on a real disk, before a chain and a committer held in memory. */
export async function createWorld() {
    const folder = await mkdtemp(join(tmpdir(), 'ocm-provider-'));
    const path = join(folder, 'provider.journal');
    const issuer = generateKeyPair();
    const issuerKeypair = Keypair.fromSeed(issuer.secretSeed);
    const contract = createContract(issuer);
    const node = namedAddress('node');
    const commitments: Commitment[] = [];
    const manifests = new Map<string, CommitmentManifest>();
    const cosigned: string[] = [];
    const clock = { nowSecs: GENESIS_SECS + 30, nowMs: 0 };
    const openGrants = () => openGrantBook({ dataDir: folder, log });
    const held = { ledger: await Ledger.open({ path, log }), grants: await openGrants() };
    const keys = [issuerKeypair];
    const issuerKeys: IssuerKeys = {
        find: (publicKey) => keys.find((key) => key.publicKey.equals(publicKey)),
        list: () => keys,
    };
    const chain: ProviderChain = {
        clusterTag: async () => CLUSTER_TAG,
        clusterTimeSecs: async () => clock.nowSecs,
        fetchContract: async (address) => (address.equals(contract.address) ? contract : null),
        fetchNodes: async () => [node],
        fetchTokenLimits: async () => ({ maxTokenBytes: 1_000_000_000n, tokenGraceSecs: 10 }),
        listCommitments: async () => commitments,
        cosign: async (commitment) => {
            cosigned.push(commitment.address.toBase58());
            commitment.awaitsCosignature = false;
            commitment.isCosigned = true;
            return { signature: 'signature' };
        },
    };
    const committer: CommitterClient = {
        fetchManifest: async (commitment) => {
            const manifest = manifests.get(commitment.toBase58());
            if (manifest === undefined) throw failure('MKT_RUNTIME__PEER_UNREACHABLE', 'the committer is down');
            return manifest;
        },
    };
    const backoff = createBackoff(() => clock.nowMs);
    const allowance = { unsignedBytes: 0n };
    function addCommitment(
        tree: SettlementTree,
        changes: Partial<Commitment>,
        listed: Pick<CommitmentManifest, 'sessions' | 'unsigned'>,
    ): Commitment {
        const address = freshAddress();
        const content = {
            commitment: address.toBase58(),
            contract: contract.address.toBase58(),
            epoch: changes.epoch ?? 0,
            kind: changes.kind ?? 0,
            root: toHex(tree.root),
            depth: tree.depth,
            leafCount: tree.leafCount,
            totalBytes: tree.totalBytes.toString(),
            ...listed,
        };
        const manifestHash = computeManifestHash(content);
        manifests.set(content.commitment, { ...content, manifestHash });
        const { root, depth, leafCount, totalBytes } = tree;
        const commitment: Commitment = {
            address,
            contract: contract.address,
            epoch: 0,
            kind: 0,
            root,
            depth,
            leafCount,
            totalBytes,
            manifestHash: fromHex(manifestHash),
            awaitsCosignature: true,
            isCosigned: false,
            ...changes,
        };
        commitments.push(commitment);
        return commitment;
    }
    return {
        contract,
        node,
        issuer,
        issuerKeypair,
        commitments,
        manifests,
        cosigned,
        clock,
        chain,
        folder,
        /** The keys that the content provider holds. */
        keys,
        issuerKeys,
        get ledger() {
            return held.ledger;
        },
        get grants() {
            return held.grants;
        },
        tokenIssuer: (caps: TokenCapsConfig = {}) =>
            createTokenIssuer({
                chain,
                contracts: [contract.address],
                keys: issuerKeys,
                grants: held.grants,
                caps: (name) => resolveCaps(name, caps),
                remember: (token) => held.ledger.addToken(token),
            }),
        /** As after kill -9: nothing but the file is left. */
        async restart() {
            await held.ledger.close();
            await held.grants.close();
            held.ledger = await Ledger.open({ path, log });
            held.grants = await openGrants();
        },
        async issue(session: SessionFixture) {
            await held.ledger.addToken(session.tokenBytes);
            return session;
        },
        /** Commits to the sessions as an operator would, and serves the manifest. */
        commit(
            sessions: readonly SessionFixture[],
            changes: Partial<Commitment> = {},
            epoch = 0,
            treeDepth?: number,
        ): Commitment {
            const leaves = sessions.map(({ evidence }) => decodeLeaf(fromBase64(evidence.leaf)));
            const unique = [...new Map(leaves.map((leaf) => [toHex(leaf.tokenHash), leaf])).values()];
            const tree = buildSettlementTree(unique, treeDepth === undefined ? {} : { depth: treeDepth });
            return addCommitment(
                tree,
                { epoch, ...changes },
                {
                    sessions: sessions.map(({ evidence: { records: _, ...signed } }) => ({
                        ...signed,
                        node: node.toBase58(),
                    })),
                },
            );
        },
        /** Commits to what nodes served without receipts; `told` is what the manifest says. */
        commitUnsigned(
            entries: readonly { node: PublicKey; bytes: bigint }[],
            changes: Partial<Commitment> = {},
            told = entries,
        ): Commitment {
            const where = { contract: contract.address.toBytes(), epoch: 0 };
            const leaves = entries.map((entry) =>
                buildUnsignedLeaf({ ...where, node: entry.node.toBytes(), bytes: entry.bytes }),
            );
            const unsigned = told.map((entry) => ({ node: entry.node.toBase58(), bytes: entry.bytes.toString() }));
            return addCommitment(buildSettlementTree(leaves), { kind: 1, ...changes }, { sessions: [], unsigned });
        },
        allowance,
        deps: () => ({
            chain,
            committer,
            ledger: held.ledger,
            contracts: [contract.address],
            unsignedAllowanceBytes: allowance.unsignedBytes,
            backoff,
            log,
        }),
        async dispose() {
            await held.ledger.close();
            await held.grants.close();
            await rm(folder, { recursive: true, force: true });
        },
    };
}
export type World = Awaited<ReturnType<typeof createWorld>>;
