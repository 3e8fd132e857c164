import { join } from 'node:path';
import {
    createChainGateway,
    describeConfig,
    listen,
    loadConfig,
    lockDataDir,
    readKeypair,
    redactUrl,
    runService,
    type ServiceContext,
} from '@ocm/runtime';
import { createNodeClient } from './adapters/node-client.js';
import { createApp } from './app.js';
import { committerConfig } from './config.js';
import { Intents } from './intents.js';
import { runLoops } from './loops.js';
import { Progress } from './progress.js';
import { CommitmentStore } from './store.js';
import { Telemetry } from './telemetry.js';

const help = `ocm-committer --config FILE

The operator's worker: collects the evidence of finished epochs from its nodes, commits to it on chain, serves what
stands behind each commitment, proves samples, answers challenges, settles, closes and withdraws.

Config (JSON; each field also from the environment):
${describeConfig(committerConfig)}`;

/** Without a successful pass for this long, commit windows may be passing by; one that waits for mute nodes takes half a minute. */
const STALE_AFTER_MS = 90_000;

await runService('ocm-committer', main, { help });

async function main({ signal, log, metrics, onStop, untilStopped }: ServiceContext): Promise<void> {
    const config = loadConfig(committerConfig, { argv: process.argv.slice(2), env: process.env });
    const hot = readKeypair(config.hotKeypairPath);
    const crank = readKeypair(config.crankKeypairPath);
    onStop(await lockDataDir(config.dataDir));
    const store = await CommitmentStore.open(config.dataDir);
    const progress = await Progress.open({ path: join(config.dataDir, 'committer.journal'), log });
    onStop(() => progress.close());
    const intents = await Intents.open({ path: join(config.dataDir, 'intents.journal'), log });
    onStop(() => intents.close());
    const { rpcUrl, wsUrl, heliusApiKey } = config;
    const gateway = createChainGateway({
        rpcUrl,
        log,
        ...(wsUrl === undefined ? {} : { wsUrl }),
        ...(heliusApiKey === undefined ? {} : { heliusApiKey }),
    });
    onStop(() => gateway.close());
    const telemetry = new Telemetry({ participant: config.participant, metrics });

    const passed = { atMs: 0 };
    const nodes = createNodeClient(config);
    const server = createApp({
        store,
        nodes,
        signal,
        status: () => telemetry.status(),
        log,
        metrics,
        readiness: () =>
            Date.now() - passed.atMs < STALE_AFTER_MS
                ? { ready: true }
                : { ready: false, reason: `no successful pass over the contracts at ${redactUrl(rpcUrl)} yet` },
    });
    const { url } = await listen({ server, ...config.listen });
    onStop(() => server.close());
    const unfinished = intents.openCount;
    log.info({ url, participant: config.participant, commitments: store.list().length, unfinished }, 'committer ready');

    const deps = { config, gateway, nodes, hot, crank, store, progress, intents, telemetry, log, metrics, signal };
    const onCommitPass = () => {
        passed.atMs = Date.now();
    };
    const running = runLoops({ ...deps, onCommitPass });
    onStop(() => running);
    await untilStopped();
}
