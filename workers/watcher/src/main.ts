import { join } from 'node:path';
import {
    createBackoff,
    createChainGateway,
    describeConfig,
    every,
    listen,
    loadConfig,
    lockDataDir,
    type Readiness,
    readKeypair,
    redactUrl,
    runService,
    type ServiceContext,
} from '@ocm/runtime';
import { PublicKey } from '@solana/web3.js';
import { createWatcherChain } from './adapters/chain.js';
import { createCommitterClient } from './adapters/committer-client.js';
import { createApp } from './app.js';
import { CaseBook } from './case-book.js';
import { type WatcherConfig, watcherConfig } from './config.js';
import { FindingStore } from './finding-store.js';
import type { Policy } from './policy.js';
import { pursueChallenges } from './pursue-challenges.js';
import { NO_COPIES, readReceiptCopies } from './receipt-copies.js';
import { watchCommitments } from './watch-commitments.js';

const help = `ocm-watcher --config FILE

Anyone's worker: recomputes what operators commit, keeps what is wrong as evidence, challenges what they cannot prove,
and collects what the challenges pay.

Config (JSON; each field also from the environment):
${describeConfig(watcherConfig)}`;

/** Without a good look at the chain for this long, a challenge window may end unseen. */
const STALE_AFTER_MS = 600_000;

await runService('ocm-watcher', main, { help });

async function main({ signal, log, metrics, onStop, untilStopped }: ServiceContext): Promise<void> {
    const config = loadConfig(watcherConfig, { argv: process.argv.slice(2), env: process.env });
    const wallet = readKeypair(config.keypairPath);
    onStop(await lockDataDir(config.dataDir));
    const cases = await CaseBook.open({ path: join(config.dataDir, 'watcher.journal'), log });
    onStop(() => cases.close());
    const findings = await FindingStore.open(config.dataDir);
    const copies =
        config.receiptCopiesPath === undefined ? NO_COPIES : await readReceiptCopies(config.receiptCopiesPath);
    const { rpcUrl, wsUrl, heliusApiKey } = config;
    const gateway = createChainGateway({
        rpcUrl,
        log,
        ...(wsUrl === undefined ? {} : { wsUrl }),
        ...(heliusApiKey === undefined ? {} : { heliusApiKey }),
    });
    onStop(() => gateway.close());
    const contracts = config.contracts === 'all' ? 'all' : config.contracts.map((contract) => new PublicKey(contract));
    const chain = createWatcherChain({ gateway, wallet, contracts });
    const committer = createCommitterClient(config);
    const look = { atMs: Date.now() };
    const readiness = () => readinessOf(look.atMs, redactUrl(rpcUrl));
    const server = createApp({ findings, cases, log, metrics, readiness });
    const { url } = await listen({ server, ...config.listen });
    onStop(() => server.close());
    log.info({ url, wallet: wallet.publicKey.toBase58(), contracts: config.contracts }, 'watcher ready');

    const [backoff, pursuit] = [createBackoff(), createBackoff()];
    const deps = { chain, committer, copies, cases, findings, policy: policyOf(config), log };
    const watching = every({
        name: 'watch',
        cron: config.cron,
        signal,
        log,
        metrics,
        run: async () => {
            const watched = await watchCommitments({ ...deps, backoff }, signal);
            const pursued = await pursueChallenges({ ...deps, backoff: pursuit }, signal);
            metrics.loop('watch').backlog(watched.waiting + watched.failed + pursued.waiting + pursued.troubled);
            look.atMs = Date.now();
        },
    });
    onStop(() => watching);
    await untilStopped();
}

function policyOf(config: WatcherConfig): Policy {
    const { randomChallenges, patienceSecs, freeChallenges } = config;
    return {
        maxBonds: BigInt(config.maxBonds),
        maxLostBonds: BigInt(config.maxLostBonds ?? config.maxBonds),
        maxLamports: BigInt(config.maxLamports),
        randomChallenges,
        patienceSecs,
        freeChallenges,
    };
}

function readinessOf(atMs: number, rpcUrl: string): Readiness {
    if (Date.now() - atMs <= STALE_AFTER_MS) return { ready: true };
    return { ready: false, reason: `no successful look at the chain at ${rpcUrl} in the last ${STALE_AFTER_MS} ms` };
}
