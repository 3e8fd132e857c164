import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
    type CommitterClient,
    createLogSource,
    createManifestArchive,
    createReport,
    createReportChain,
    Ledger,
    type ReportRequest,
} from '@ocm/provider';
import { createLogger, failure } from '@ocm/runtime';
import { type DeliveryCommitment, findDeliveryCommitmentAddress, type SlaSummary, type WithAddress } from '@ocm/sdk';
import { buildSettlementTree, decodeToken, encodeLeaf, fromHex, toBase64, toHex } from '@ocm/sdk/core';
import { type CommitmentManifest, computeManifestHash } from '@ocm/sdk/http';
import { PublicKey } from '@solana/web3.js';
import {
    acceptOffer,
    bondContract,
    claimCapacity,
    commitSessions,
    cosignDelivery,
    createTestOffer,
    fundContract,
    GOOD_SERVICE,
    nowSecs,
    postOffer,
    registerNode,
    settleDelivery,
    type TestSession,
} from '../support/index.js';

const log = createLogger({ name: 'test', level: 'silent' });

/** A contract over two nodes with footprints of their own, and the content provider's books about it. */
export async function createReportWorld() {
    const first = await createTestOffer();
    const { market, seller, contentProvider } = first;
    const secondNode = await registerNode(market, seller);
    const footprint = { kind: 'asn', value: 'as64496' } as const;
    const secondClaim = await claimCapacity(market, { seller, node: secondNode, footprint });
    const offer = await postOffer(market, seller, { index: 1, claims: [first.claim.address, secondClaim.address] });
    const proposed = await acceptOffer(market, contentProvider, offer, { epochCount: 400 });
    const funded = await fundContract(market, contentProvider, proposed, 100_000_000n);
    const contract = await bondContract(market, seller, funded, 100_000_000n);
    const trade = { ...first, offer, contract };
    const folder = await mkdtemp(join(tmpdir(), 'ocm-report-'));
    const ledger = await Ledger.open({ path: join(folder, 'provider.journal'), log });
    const manifests = new Map<string, CommitmentManifest>();
    const committer: CommitterClient = {
        fetchManifest: async (commitment) => {
            const manifest = manifests.get(commitment.toBase58());
            if (manifest === undefined) throw failure('MKT_RUNTIME__PEER_UNREACHABLE', 'the committer is down');
            return manifest;
        },
    };
    const archive = createManifestArchive({ folder: join(folder, 'manifests'), committer, log });
    const deps = {
        chain: createReportChain({
            connection: market.connection,
            clusterTimeSecs: async () => Number(nowSecs(market)),
        }),
        manifests: archive,
        logs: createLogSource({ folder: join(folder, 'logs'), log }),
        ledger,
        contracts: [contract.address],
    };
    const name = contract.address.toBase58();
    return {
        trade,
        nodes: [first.node, secondNode] as const,
        folder,
        ledger,
        manifests,
        deps,
        report: (request: Partial<ReportRequest> = {}) =>
            createReport(deps, { contract: name, timezone: 'UTC', ...request }, new AbortController().signal),
        /** What an operator does: manifest, commitment; and the content provider, who co-signs. Then anyone settles. */
        async settleEpoch(
            epoch: number,
            sessions: readonly TestSession[],
            slaSummary: SlaSummary = GOOD_SERVICE,
        ): Promise<WithAddress<DeliveryCommitment>> {
            const manifest = manifestOf(contract.address, epoch, sessions);
            manifests.set(manifest.commitment, manifest);
            const { commitment } = await commitSessions(trade, {
                sessions,
                overrides: { epoch, manifestHash: fromHex(manifest.manifestHash), slaSummary },
            });
            await cosignDelivery(trade, commitment);
            await settleDelivery(trade, commitment);
            return commitment;
        },
        async close() {
            await ledger.close();
            await market.cluster.close();
            await rm(folder, { recursive: true, force: true });
        },
    };
}
export type ReportWorld = Awaited<ReturnType<typeof createReportWorld>>;

function manifestOf(contract: PublicKey, epoch: number, sessions: readonly TestSession[]): CommitmentManifest {
    const { root, depth, leafCount, totalBytes } = buildSettlementTree(sessions.map(({ leaf }) => leaf));
    const content = {
        commitment: findDeliveryCommitmentAddress({ contract, epoch, kind: 0 }).toBase58(),
        contract: contract.toBase58(),
        epoch,
        kind: 0,
        root: toHex(root),
        depth,
        leafCount,
        totalBytes: totalBytes.toString(),
        sessions: sessions.map(({ leaf, evidence }) => ({
            token: toBase64(evidence.token),
            tokenSignature: toBase64(evidence.tokenSignature),
            receipt: toBase64(evidence.receipt),
            receiptSignature: toBase64(evidence.receiptSignature),
            leaf: toBase64(encodeLeaf(leaf)),
            node: new PublicKey(decodeToken(evidence.token).node).toBase58(),
        })),
    };
    return { ...content, manifestHash: computeManifestHash(content) };
}
