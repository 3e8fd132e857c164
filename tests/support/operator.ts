import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SimulatedCluster } from '@ocm/cluster';
import {
    answerChallenges,
    CommitmentStore,
    commitEpochs,
    createAnswerChain,
    createCommitterChain,
    createPayoutChain,
    createProverChain,
    createTransactionFinisher,
    Intents,
    type NodeClient,
    Progress,
    ProofBook,
    type ProvePolicy,
    proveCommitments,
    settleCommitments,
    Telemetry,
    withdrawPayouts,
} from '@ocm/committer';
import { createBackoff, createChainGateway, createLogger, createMetrics, decodeClusterTag } from '@ocm/runtime';
import { computeTreeHead, encodeLeaf, findConfigAddress, toBase64 } from '@ocm/sdk';
import type { EpochEvidence } from '@ocm/sdk/http';
import type { Keypair, PublicKey } from '@solana/web3.js';
import { fundWallet, testKeypair } from './cluster.js';
import { corruptField, u32Bytes } from './corrupt.js';
import { type FundedTrade, GOOD_SERVICE } from './deliveries.js';
import { createTestMarket, type TestMarket } from './market.js';
import { type SessionChange, type TestSession, testSession } from './proofs.js';

/** A marketplace whose tokens name the cluster as workers do: by its genesis hash. */
export async function createTaggedMarket(): Promise<TestMarket> {
    const market = await createTestMarket();
    const tag = decodeClusterTag(await market.connection.getGenesisHash());
    const field = { program: 'registry', account: 'Config', field: 'clusterTag' } as const;
    await corruptField(market, { ...field, address: findConfigAddress(), bytes: u32Bytes(tag) });
    return market;
}

/** A session as a node evidences it: without log records, whose tree is then the empty one. */
export function evidencedSession(
    trade: FundedTrade,
    input: Parameters<typeof testSession>[1],
    change: SessionChange = {},
): TestSession {
    return testSession(trade, input, { ...change, leaf: { logRoot: computeTreeHead([]), ...change.leaf } });
}

/** What a node answers its operator's committer. */
export function toEpochEvidence(
    trade: FundedTrade,
    epoch: number,
    sessions: readonly TestSession[],
    unreceiptedBytes = 0n,
): EpochEvidence {
    return {
        node: trade.node.address.toBase58(),
        contract: trade.contract.address.toBase58(),
        epoch,
        sessions: sessions.map(({ leaf, evidence }) => ({
            token: toBase64(evidence.token),
            tokenSignature: toBase64(evidence.tokenSignature),
            receipt: toBase64(evidence.receipt),
            receiptSignature: toBase64(evidence.receiptSignature),
            leaf: toBase64(encodeLeaf(leaf)),
            records: [],
        })),
        unreceiptedBytes: unreceiptedBytes.toString(),
        sla: { ...GOOD_SERVICE, sessions: sessions.length },
    };
}

const started = new Set<{ stop(): Promise<void> }>();

/** For `afterEach`: gives folders and sockets back. */
export async function stopOperators(): Promise<void> {
    const operators = [...started];
    started.clear();
    await Promise.all(operators.map((operator) => operator.stop()));
}

/**
 * An operator's committer before the real programs: its own use cases, adapters, journals and folder; passes are run one
 * by one. Nodes are answers held in memory (`serve`).
 */
export async function startOperator(trade: FundedTrade, policy: ProvePolicy = { when: 'always' }) {
    const { market, seller } = trade;
    const log = createLogger({ name: 'operator', level: process.env.OCM_LOG_LEVEL ?? 'silent' });
    const dataDir = await mkdtemp(join(tmpdir(), 'ocm-operator-'));
    const server = await (market.cluster as SimulatedCluster).listen();
    const gateway = createChainGateway({ rpcUrl: server.rpcUrl, log });
    const crank: Keypair = testKeypair('operator crank');
    await fundWallet(market, crank);
    const served = new Map<string, EpochEvidence>();
    const nodes: NodeClient = {
        nodes: new Set([trade.node.address.toBase58()]),
        fetchEvidence: async ({ epoch }) => served.get(`${epoch}`) ?? toEpochEvidence(trade, epoch, []),
    };
    const store = await CommitmentStore.open(dataDir);
    const progress = await Progress.open({ path: join(dataDir, 'committer.journal'), log });
    const intents = await Intents.open({ path: join(dataDir, 'intents.journal'), log });
    const metrics = createMetrics({ service: 'operator', processMetrics: false });
    const telemetry = new Telemetry({ participant: seller.address.toBase58(), metrics });
    const clock = { nowMs: 0 };
    const backoff = createBackoff(() => clock.nowMs);
    const chain = createCommitterChain({ gateway, participant: seller.address, hot: seller.hot, crank });
    const shared = { chain, finisher: createTransactionFinisher(gateway), intents, telemetry, backoff, log };
    const proofs = new ProofBook(store);
    const { signal } = new AbortController();
    started.add({
        async stop() {
            await progress.close();
            await intents.close();
            gateway.close();
            await server.close();
            await rm(dataDir, { recursive: true, force: true });
        },
    });
    return {
        dataDir,
        store,
        intents,
        telemetry,
        metrics,
        crank,
        gateway,
        /** Moves on the time by which failures are retried. */
        clock,
        serve: (epoch: number, sessions: readonly TestSession[], unreceiptedBytes?: bigint) =>
            void served.set(`${epoch}`, toEpochEvidence(trade, epoch, sessions, unreceiptedBytes)),
        commit: () => commitEpochs({ ...shared, nodes, store, progress, commitUnsigned: true }, signal),
        prove: (book = proofs) =>
            proveCommitments(
                { ...shared, prover: createProverChain({ gateway, crank }), proofs: book, policy },
                signal,
            ),
        answer: (book = proofs) =>
            answerChallenges(
                { ...shared, answers: createAnswerChain({ gateway, hot: seller.hot, crank }), proofs: book },
                signal,
            ),
        settle: () => settleCommitments({ ...shared, isStored: (commitment) => store.has(commitment) }, signal),
        withdraw: (minimum = 1n) =>
            withdrawPayouts(
                { ...shared, payouts: createPayoutChain({ gateway, participant: seller.address, crank }), minimum },
                signal,
            ),
        freshProofs: () => new ProofBook(store),
    };
}
export type Operator = Awaited<ReturnType<typeof startOperator>>;

/** Signatures of all landed transactions that touched an account, newest first. */
export async function listLanded({ connection }: TestMarket, account: PublicKey) {
    return connection.getSignaturesForAddress(account, { limit: 1_000 });
}
