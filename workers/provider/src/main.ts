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
import { createProviderChain } from './adapters/chain.js';
import { createCommitterClient } from './adapters/committer-client.js';
import { createApp } from './app.js';
import { createClientGroups } from './client-groups.js';
import { providerConfig } from './config.js';
import { cosignCommitments } from './cosign-commitments.js';
import { Ledger } from './ledger.js';

const help = `ocm-provider --config FILE

The content provider's worker: issues session tokens, keeps copies of viewers' receipts, and co-signs the operator's
delivery commitments after recomputing them.

Config (JSON; each field also from the environment):
${describeConfig(providerConfig)}`;

/** Without a good look at the chain for this long, tokens and verdicts rest on stale facts. */
const STALE_AFTER_MS = 30_000;

await runService('ocm-provider', main, { help });

async function main({ signal, log, metrics, onStop, untilStopped }: ServiceContext): Promise<void> {
    const config = loadConfig(providerConfig, { argv: process.argv.slice(2), env: process.env });
    const issuer = readKeypair(config.issuerKeypairPath);
    const signer = readKeypair(config.hotKeypairPath ?? config.ownerKeypairPath ?? '');
    const contracts = config.contracts.map((contract) => new PublicKey(contract));
    onStop(await lockDataDir(config.dataDir));
    const ledger = await Ledger.open({ path: join(config.dataDir, 'provider.journal'), log });
    onStop(() => ledger.close());
    const { rpcUrl, wsUrl, heliusApiKey } = config;
    const gateway = createChainGateway({
        rpcUrl,
        log,
        ...(wsUrl === undefined ? {} : { wsUrl }),
        ...(heliusApiKey === undefined ? {} : { heliusApiKey }),
    });
    onStop(() => gateway.close());
    const chain = createProviderChain({ gateway, signer });

    const look: Look = { atMs: 0, unknownContracts: 0 };
    const server = createApp({
        chain,
        ledger,
        contracts,
        issuer,
        clientGroups: createClientGroups(config.clientGroup),
        log,
        metrics,
        tokenRateLimit: config.tokenRateLimit,
        receiptRateLimit: config.receiptRateLimit,
        readiness: () => readinessOf(look, redactUrl(rpcUrl)),
    });
    const { url } = await listen({ server, ...config.listen });
    onStop(() => server.close());
    log.info(
        { url, contracts: config.contracts, tokens: ledger.tokenCount, copies: ledger.copyCount },
        'content provider ready',
    );

    const committer = createCommitterClient(config.committerUrl);
    const backoff = createBackoff();
    const unsignedAllowanceBytes = BigInt(config.unsignedAllowanceBytes);
    const looking = every({
        name: 'cosign',
        intervalMs: config.pollIntervalMs,
        signal,
        log,
        metrics,
        run: async () => {
            const summary = await cosignCommitments(
                { chain, committer, ledger, contracts, unsignedAllowanceBytes, backoff, log },
                signal,
            );
            metrics.loop('cosign').backlog(summary.waiting);
            look.unknownContracts = summary.unknown;
            look.atMs = Date.now();
        },
    });
    onStop(() => looking);
    await untilStopped();
}

type Look = { atMs: number; unknownContracts: number };

function readinessOf(look: Look, rpcUrl: string): Readiness {
    if (Date.now() - look.atMs > STALE_AFTER_MS)
        return {
            ready: false,
            reason: `no successful look at the chain at ${rpcUrl} in the last ${STALE_AFTER_MS} ms`,
        };
    if (look.unknownContracts > 0)
        return {
            ready: false,
            reason: `${look.unknownContracts} of the configured contracts are not on the cluster at ${rpcUrl}`,
        };
    return { ready: true };
}
