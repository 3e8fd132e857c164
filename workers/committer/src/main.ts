import { join } from 'node:path';
import {
    createBackoff,
    createChainGateway,
    describeConfig,
    every,
    listen,
    loadConfig,
    lockDataDir,
    readKeypair,
    redactUrl,
    runService,
    type ServiceContext,
} from '@ocm/runtime';
import { PublicKey } from '@solana/web3.js';
import { createCommitterChain } from './adapters/chain.js';
import { createNodeClient } from './adapters/node-client.js';
import { createApp } from './app.js';
import { commitEpochs } from './commit-epochs.js';
import { committerConfig } from './config.js';
import { Progress } from './progress.js';
import { settleCommitments } from './settle-commitments.js';
import { CommitmentStore } from './store.js';

const help = `ocm-committer --config FILE

The operator's worker: collects the evidence of finished epochs from its nodes, commits to it on chain, serves what
stands behind each commitment, settles and closes commitments.

Config (JSON; each field also from the environment):
${describeConfig(committerConfig)}`;

/** Without a successful pass for this long, commit windows may be passing by. */
const STALE_AFTER_MS = 30_000;

await runService('ocm-committer', main, { help });

async function main({ signal, log, metrics, onStop, untilStopped }: ServiceContext): Promise<void> {
    const config = loadConfig(committerConfig, { argv: process.argv.slice(2), env: process.env });
    const hot = readKeypair(config.hotKeypairPath);
    const crank = readKeypair(config.crankKeypairPath);
    onStop(await lockDataDir(config.dataDir));
    const store = await CommitmentStore.open(config.dataDir);
    const progress = await Progress.open({ path: join(config.dataDir, 'committer.journal'), log });
    onStop(() => progress.close());
    const { rpcUrl, wsUrl, heliusApiKey } = config;
    const gateway = createChainGateway({
        rpcUrl,
        log,
        ...(wsUrl === undefined ? {} : { wsUrl }),
        ...(heliusApiKey === undefined ? {} : { heliusApiKey }),
    });
    onStop(() => gateway.close());
    const chain = createCommitterChain({ gateway, participant: new PublicKey(config.participant), hot, crank });
    const nodes = createNodeClient(config);

    let passedAtMs = 0;
    const server = createApp({
        store,
        log,
        metrics,
        readiness: () =>
            Date.now() - passedAtMs < STALE_AFTER_MS
                ? { ready: true }
                : { ready: false, reason: `no successful pass over the contracts at ${redactUrl(rpcUrl)} yet` },
    });
    const { url } = await listen({ server, ...config.listen });
    onStop(() => server.close());
    log.info({ url, participant: config.participant, commitments: store.list().length }, 'committer ready');

    const backoff = createBackoff();
    const loop = { intervalMs: config.pollIntervalMs, signal, log, metrics };
    const committing = every({
        ...loop,
        name: 'commit',
        run: async () => {
            const summary = await commitEpochs({ chain, nodes, store, progress, backoff, log }, signal);
            metrics.loop('commit').backlog(summary.waiting + summary.failed);
            passedAtMs = Date.now();
        },
    });
    const settling = every({
        ...loop,
        name: 'settle',
        run: async () => {
            const summary = await settleCommitments({ chain, backoff, log }, signal);
            metrics.loop('settle').backlog(summary.waiting + summary.failed);
        },
    });
    onStop(() => Promise.all([committing, settling]));
    await untilStopped();
}
