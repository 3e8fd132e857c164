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
import { createBackoff, createChainGateway, createLogger, createMetrics } from '@ocm/runtime';
import type { Keypair } from '@solana/web3.js';
import { fundWallet, testKeypair } from './cluster.js';
import type { FundedTrade } from './deliveries.js';
import { toEpochEvidence } from './evidence.js';
import { pageRecords, pageSessions, type RecordedEvidence } from './evidence-pages.js';
import type { TestSession } from './proofs.js';

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
    const served = new Map<string, RecordedEvidence>();
    const evidenceOf = (epoch: number) => served.get(`${epoch}`) ?? toEpochEvidence(trade, epoch, []);
    const nodes: NodeClient = {
        nodes: new Set([trade.node.address.toBase58()]),
        fetchSessions: async ({ epoch, ...query }) => pageSessions(evidenceOf(epoch), query),
        fetchRecords: async ({ epoch, ...query }) => pageRecords(evidenceOf(epoch), query),
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
