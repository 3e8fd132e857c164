import { type Backoff, type ChainGateway, createBackoff, every, type Logger, type Metrics } from '@ocm/runtime';
import { type Keypair, PublicKey } from '@solana/web3.js';
import { createCommitterChain } from './adapters/chain.js';
import { createPayoutChain } from './adapters/payout-chain.js';
import { createAnswerChain, createProverChain, createTransactionFinisher } from './adapters/proof-chain.js';
import { answerChallenges } from './answer-challenges.js';
import { commitEpochs } from './commit-epochs.js';
import type { CommitterConfig } from './config.js';
import type { Intents } from './intents.js';
import type { NodeClient } from './ports.js';
import type { Progress } from './progress.js';
import { ProofBook } from './proofs.js';
import { proveCommitments } from './prove-commitments.js';
import { settleCommitments } from './settle-commitments.js';
import type { CommitmentStore } from './store.js';
import type { Telemetry } from './telemetry.js';
import { withdrawPayouts } from './withdraw-payouts.js';

export type LoopDeps = {
    config: CommitterConfig;
    gateway: ChainGateway;
    nodes: NodeClient;
    hot: Keypair;
    crank: Keypair;
    store: CommitmentStore;
    progress: Progress;
    intents: Intents;
    telemetry: Telemetry;
    log: Logger;
    metrics: Metrics;
    signal: AbortSignal;
    /** Told after each pass over the epochs that could be committed. */
    onCommitPass: () => void;
};
type Backlog = { waiting: number; failed: number };
type Pass = () => Promise<Backlog>;

/** Each duty in a loop of its own, so that a slow commitment holds up no answer; resolves when all have stopped. */
export async function runLoops(deps: LoopDeps): Promise<void> {
    const { config, log, metrics, signal } = deps;
    const running = Object.entries(createPasses(deps)).map(([name, pass]) =>
        every({
            name,
            ...(config.pollIntervalMs === undefined
                ? { cron: config.schedules[name as keyof CommitterConfig['schedules']] }
                : { intervalMs: config.pollIntervalMs }),
            signal,
            log,
            metrics,
            run: async () => {
                const { waiting, failed } = await pass();
                metrics.loop(name).backlog(waiting + failed);
            },
        }),
    );
    await Promise.all(running);
}

function createPasses(deps: LoopDeps): Partial<Record<keyof CommitterConfig['schedules'], Pass>> {
    const { config, gateway, nodes, hot, crank, store, progress, intents, telemetry, log, signal } = deps;
    const participant = new PublicKey(config.participant);
    const backoff: Backoff = createBackoff();
    const proofs = new ProofBook(store);
    const chain = createCommitterChain({ gateway, participant, hot, crank });
    const shared = { chain, finisher: createTransactionFinisher(gateway), intents, telemetry, backoff, log };
    const committing = { ...shared, nodes, store, progress, commitUnsigned: config.commitUnsigned };
    const proving = {
        ...shared,
        prover: createProverChain({ gateway, crank }),
        proofs,
        policy: { when: config.proveWhen, patienceSecs: config.provePatienceSecs },
    };
    const answering = { ...shared, answers: createAnswerChain({ gateway, hot, crank }), proofs };
    const settling = { ...shared, isStored: (commitment: string) => store.has(commitment) };
    const minimum = config.withdrawMinimum;
    return {
        commit: async () => {
            const summary = await commitEpochs(committing, signal);
            deps.onCommitPass();
            return summary;
        },
        prove: () => proveCommitments(proving, signal),
        answer: () => answerChallenges(answering, signal),
        settle: async () => {
            await tellBalances(deps);
            return settleCommitments(settling, signal);
        },
        ...(minimum === undefined
            ? {}
            : {
                  withdraw: () => {
                      const payouts = createPayoutChain({ gateway, participant, crank });
                      return withdrawPayouts({ ...shared, payouts, minimum: BigInt(minimum) }, signal);
                  },
              }),
    };
}

async function tellBalances({ gateway, hot, crank, telemetry }: LoopDeps): Promise<void> {
    for (const [wallet, { publicKey }] of Object.entries({ hot, crank }))
        telemetry.balance(wallet, await gateway.connection.getBalance(publicKey, 'confirmed'));
}
