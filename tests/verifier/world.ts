import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
    createNodeClient as askNodes,
    buildCommitment,
    CommitmentStore,
    checkEvidence,
    createApp,
    type EvidencedSession,
} from '@ocm/committer';
import { createLogger, createMetrics, listen } from '@ocm/runtime';
import {
    decodeLeaf,
    findDeliveryCommitmentAddress,
    fromBase64,
    getCloseCommitmentInstructions,
    hashToken,
    type SlaSummary,
    toBase64,
    toHex,
} from '@ocm/sdk';
import { createCommitterClient, createNodeClient, createRpc, fetchCopy } from '@ocm/verifier';
import {
    commitDelivery,
    cosignDelivery,
    createActiveContract,
    type FundedTrade,
    GOOD_SERVICE,
    type RecordedEvidence,
    readCommitment,
    readContract,
    send,
    settleDelivery,
    travelTo,
    withdrawPayout,
} from '../support/index.js';
import { clusterFetch, signal } from './copies.js';
import { commitUnsigned, idle, SECRET, serveNode } from './operator.js';
import { playEpoch } from './sessions.js';

const log = createLogger({ name: 'test', level: 'silent' });

export type World = Awaited<ReturnType<typeof createWorld>>;

/** A contract on the real programs with its committer's real store and interface, and the operator's interface of its node. */
export async function createWorld() {
    const folder = await mkdtemp(join(tmpdir(), 'ocm-verifier-'));
    const store = await CommitmentStore.open(folder);
    const trade: FundedTrade = await createActiveContract({ contract: { epochCount: 5 } });
    const epochs = new Map<number, { evidence: RecordedEvidence; log: string }>();
    const metrics = createMetrics({ service: 'test', processMetrics: false });
    const operator = await serveNode(trade, epochs);
    const node = trade.node.address.toBase58();
    const committer = createApp({
        store,
        nodes: askNodes({ nodes: [{ node, url: operator.url }], operatorSecret: SECRET }),
        signal,
        log,
        metrics,
        readiness: () => ({ ready: true }),
        ...{ status: () => idle(trade) },
    });
    const { url: committerUrl } = await listen({ server: committer, host: '127.0.0.1', port: 0 });
    const { market, contract } = trade;
    const address = contract.address.toBase58();
    const evidenceOf = (epoch: number, sessions: RecordedEvidence['sessions'], sla: SlaSummary): RecordedEvidence => ({
        node,
        contract: address,
        epoch,
        sessions,
        unreceiptedBytes: '0',
        sla,
    });
    /** As the committer does it: manifest on disk first, then the chain. */
    async function commit(epoch: number, sessions: EvidencedSession[], slaSummary: SlaSummary) {
        const commitment = findDeliveryCommitmentAddress({ contract: contract.address, epoch, kind: 0 });
        const { tree, manifest, manifestHash } = buildCommitment({ commitment, contract, epoch, kind: 0, sessions });
        await store.writeManifest(manifest);
        const { root, depth, leafCount, totalBytes } = tree;
        await commitDelivery(trade, { epoch, root, depth, leafCount, totalBytes, manifestHash, slaSummary });
        return { address: commitment.toBase58() };
    }
    return {
        trade,
        address,
        committerUrl,
        nodeUrl: operator.url,
        secret: SECRET,
        /** Plays an epoch and commits it as the committer would. */
        async deliver(epoch: number, { viewers = 3, segments = 4, sla = GOOD_SERVICE as SlaSummary } = {}) {
            const played = playEpoch(trade, epoch, viewers, segments);
            epochs.set(epoch, { evidence: evidenceOf(epoch, played.evidence, sla), log: played.log });
            const evidence = evidenceOf(epoch, played.evidence, sla);
            const { clusterTag } = contract;
            const sessions = await checkEvidence({ evidence, contract, epoch, node, clusterTag, log, signal });
            return commit(epoch, sessions, sla);
        },
        /** Commits, beside honest ones, a session whose token no issuer has signed: the committer's own check leaves it out. */
        async forge(epoch: number, honest = 0) {
            const played = playEpoch(trade, epoch, honest + 1, 3);
            const sessions = played.evidence.map((session, place) =>
                place < honest ? session : { ...session, tokenSignature: toBase64(new Uint8Array(64).fill(7)) },
            );
            epochs.set(epoch, { evidence: evidenceOf(epoch, sessions, GOOD_SERVICE), log: played.log });
            const invented = sessions.map(({ records: _, ...evidence }) => {
                const [tokenHash, leaf] = [
                    hashToken(fromBase64(evidence.token)),
                    decodeLeaf(fromBase64(evidence.leaf)),
                ];
                return { tokenHash, leaf, node, evidence } as EvidencedSession;
            });
            const { address: commitment } = await commit(epoch, invented, GOOD_SERVICE);
            return { address: commitment, tokenHash: toHex(invented.at(-1)?.tokenHash ?? new Uint8Array()) };
        },
        commitUnsigned: (epoch: number, bytes: bigint) => commitUnsigned(trade, epoch, bytes),
        async settle(epoch: number) {
            const address = findDeliveryCommitmentAddress({ contract: contract.address, epoch, kind: 0 });
            await cosignDelivery(trade, { address });
            await settleDelivery(trade, { address });
        },
        async close(epoch: number) {
            const address = findDeliveryCommitmentAddress({ contract: contract.address, epoch, kind: 0 });
            const commitment = await readCommitment(trade, { address });
            travelTo(market, commitment.closableAt + 1n);
            await send(market, await getCloseCommitmentInstructions({ commitment }));
        },
        withdraw: (index: number) => withdrawPayout(trade, index),
        /** A copy in memory, fetched from the cluster, the committer and the node. */
        async fetch(options: { node?: boolean; epoch?: number } = {}) {
            const files = new Map<string, Uint8Array>();
            const nodes = new Map(
                options.node === false ? [] : [[node, createNodeClient(operator.url, SECRET, signal)]],
            );
            const summary = await fetchCopy({
                contract: contract.address.toBase58(),
                epoch: options.epoch ?? null,
                rpc: createRpc({ url: 'http://127.0.0.1:8899', fetch: clusterFetch(trade), signal }),
                sources: { committer: createCommitterClient(committerUrl, signal), nodes },
                writer: { write: async (path, bytes) => void files.set(path, bytes) },
                signal,
                progress: () => undefined,
            });
            return { files, summary };
        },
        contract: () => readContract(market, contract),
        async dispose() {
            await operator.close();
            await committer.close();
            await market.cluster.close();
            await rm(folder, { recursive: true, force: true });
        },
    };
}
