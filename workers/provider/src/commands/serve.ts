import { join } from 'node:path';
import {
    type ChainGateway,
    createBackoff,
    every,
    listen,
    loadConfig,
    lockDataDir,
    readKeypair,
    redactUrl,
    type ServiceContext,
} from '@ocm/runtime';
import { type Keypair, PublicKey } from '@solana/web3.js';
import { createProviderChain } from '../adapters/chain.js';
import { createCommitterClient } from '../adapters/committer-client.js';
import { createApp } from '../app.js';
import { type ProviderConfig, providerConfig } from '../config.js';
import { cosignCommitments } from '../cosign-commitments.js';
import { Ledger } from '../ledger.js';
import type { CommitterClient, ProviderChain } from '../ports.js';
import { createReportChain } from '../report/chain.js';
import { createLogSource } from '../report/logs.js';
import { createManifestArchive, type ManifestArchive } from '../report/manifests.js';
import { resolveCaps } from '../tokens/caps.js';
import type { GrantBook } from '../tokens/grant-book.js';
import type { Keyring } from '../tokens/keyring.js';
import { createTokenIssuer } from '../tokens/token-issuer.js';
import { createForgetting } from './forgetting.js';
import { checkIssuersAtStart, lookAtContracts, scheduleRotation } from './issuers.js';
import { openGateway, openGrants, openIssuerKeys, openPdfSigner } from './open.js';
import { type Look, readinessOf } from './readiness.js';

const FORGET_EVERY_MS = 10_000;

/** The worker itself, until a signal stops it. */
export async function serve(context: ServiceContext, argv: readonly string[]): Promise<void> {
    const { log, onStop, untilStopped } = context;
    const config = loadConfig(providerConfig, { argv, env: process.env });
    const keys = openIssuerKeys(config);
    const signer = readKeypair(config.hotKeypairPath ?? config.ownerKeypairPath ?? '');
    const contracts = config.contracts.map((contract) => new PublicKey(contract));
    onStop(await lockDataDir(config.dataDir));
    const ledger = await Ledger.open({ path: join(config.dataDir, 'provider.journal'), log });
    onStop(() => ledger.close());
    const grants = await openGrants(config, context);
    const gateway = openGateway(config, context);
    const chain = createProviderChain({ gateway, signer });
    await checkIssuersAtStart({ gateway, contracts, keys, log });
    const committer = createCommitterClient(config.committerUrl);
    const archive = createManifestArchive({ folder: join(config.dataDir, 'manifests'), committer, log });
    const parts = { config, context, keys, signer, contracts, ledger, grants, gateway, chain, committer, archive };

    const look: Look = { atMs: 0, unknownContracts: 0, missingIssuers: 0 };
    const { url } = await openServer(parts, look);
    log.info(
        { url, contracts: config.contracts, tokens: ledger.tokenCount, copies: ledger.copyCount },
        'content provider ready',
    );
    startLoops(parts, look);
    scheduleRotation(parts);
    await untilStopped();
}

type Parts = {
    config: ProviderConfig;
    context: ServiceContext;
    keys: Keyring;
    signer: Keypair;
    contracts: readonly PublicKey[];
    ledger: Ledger;
    grants: GrantBook;
    gateway: ChainGateway;
    chain: ProviderChain;
    committer: CommitterClient;
    archive: ManifestArchive;
};

async function openServer(parts: Parts, look: Look): Promise<{ url: string }> {
    const { config, context, keys, signer, contracts, ledger, grants, gateway, chain, archive } = parts;
    const { log, metrics, onStop, signal } = context;
    const reportSigner = config.reportKeypairPath === undefined ? signer : readKeypair(config.reportKeypairPath);
    const server = createApp({
        chain,
        ledger,
        contracts,
        issuer: createTokenIssuer({
            chain,
            contracts,
            keys,
            grants,
            caps: (contract) => resolveCaps(contract, config.caps, config.contractCaps),
            remember: (token) => ledger.addToken(token),
        }),
        log,
        metrics,
        tokenRateLimit: config.tokenRateLimit,
        receiptRateLimit: config.receiptRateLimit,
        trustedProxies: config.trustedProxies,
        ...(config.providerSecret === undefined ? {} : { providerSecret: config.providerSecret }),
        reports: {
            chain: createReportChain(gateway),
            manifests: archive,
            logs: createLogSource({ folder: config.logsDir, log }),
            signer: reportSigner,
            pdfSigner: await openPdfSigner(config, reportSigner),
            signal,
        },
        readiness: () => readinessOf(look, redactUrl(config.rpcUrl)),
    });
    const listening = await listen({ server, ...config.listen });
    onStop(() => server.close());
    return listening;
}

function startLoops(parts: Parts, look: Look): void {
    const { config, context, keys, contracts, ledger, grants, chain, committer, archive } = parts;
    const { signal, log, metrics, onStop } = context;
    const backoff = createBackoff();
    const unsignedAllowanceBytes = BigInt(config.unsignedAllowanceBytes);
    const cosigning = every({
        name: 'cosign',
        intervalMs: config.pollIntervalMs,
        signal,
        log,
        metrics,
        run: async () => {
            const deps = { chain, committer, archive, ledger, contracts, unsignedAllowanceBytes, backoff, log };
            const summary = await cosignCommitments(deps, signal);
            metrics.loop('cosign').backlog(summary.waiting);
        },
    });
    onStop(() => cosigning);
    // Apart from co-signing, which waits for committers: one that is slow must not end the tokens of a buyer.
    const looking = every({
        name: 'look',
        intervalMs: config.pollIntervalMs,
        signal,
        log,
        metrics,
        run: async () => void Object.assign(look, await lookAtContracts({ chain, contracts, keys })),
    });
    onStop(() => looking);
    const forget = createForgetting({ chain, grants });
    const forgetting = every({ name: 'forget', intervalMs: FORGET_EVERY_MS, signal, log, metrics, run: forget });
    onStop(() => forgetting);
}
