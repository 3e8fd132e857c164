import { developmentParams, migrate } from '@ocm/migrations';
import { type ChainGateway, readOrCreateKeypair } from '@ocm/runtime';
import {
    type Contract,
    findParticipantAddress,
    listContracts,
    listDeliveryCommitments,
    listNodes,
    type WithAddress,
} from '@ocm/sdk';
import type { PublicKey } from '@solana/web3.js';
import { type Cluster, startCluster } from './cluster.js';
import { DEPOSIT, FEE_BASIS_POINTS } from './contract-terms.js';
import { sumLoggedBytes } from './delivery-logs.js';
import { ensureLicences } from './licences.js';
import type { NodeAddresses } from './nodes.js';
import { ensureNodes, ensureParticipant, ensureStake, STAKE } from './operator.js';
import type { MainJobOptions } from './options.js';
import { labelAddresses, startPage } from './page.js';
import { readPayouts, waitUntilSettled, withdrawPayouts } from './payouts.js';
import { planWorkerUrls, startIndexer, startWorkers, type WorkerUrls } from './processes.js';
import type { Progress } from './progress.js';
import { verifyOneRecord } from './proof.js';
import type { MainJobReport } from './report.js';
import { waitForRoutes } from './routes.js';
import type { StateFolder } from './state-folder.js';
import type { Supervisor } from './supervisor.js';
import { ensureMint, ensureTokens, readTokenBalance } from './tokens.js';
import { contractAddress, ensureBond, ensureClaims, ensureContract, ensureOffer, type TradeDeps } from './trade.js';
import { play, seatViewers, type ViewerResult } from './viewers.js';
import { fundWallets, openWallets, type Wallets } from './wallets.js';

export type JobDeps = {
    options: MainJobOptions;
    state: StateFolder;
    supervisor: Supervisor;
    progress: Progress;
    signal: AbortSignal;
    /** Told the process ids of viewers, which come and go. */
    onViewer: (name: string, pid: number | undefined) => void;
};

/** What stands once the market is up: chain, parties, nodes and the run's contract. */
export type Market = {
    cluster: Cluster;
    gateway: ChainGateway;
    wallets: Wallets;
    mint: PublicKey;
    nodes: NodeAddresses;
    urls: WorkerUrls;
    contract: WithAddress<Contract>;
};

/** Programs, mint, and parties: everything that is done once for a chain. */
async function prepareChain(
    { options, state, progress }: JobDeps,
    cluster: Cluster,
): Promise<Pick<Market, 'wallets' | 'mint'>> {
    const { gateway } = cluster;
    const wallets = await openWallets(state);
    await fundWallets(gateway, wallets, options.walletPath);
    const mint = await readOrCreateKeypair(state.path('keys', 'mint.json'));
    const minted = await ensureMint(gateway, wallets.deployer, mint);
    if (minted) progress.step('demonstration token created', minted);
    await migrate(
        {
            gateway,
            deployer: wallets.deployer,
            settings: {
                board: wallets.deployer,
                guardian: wallets.deployer.publicKey,
                treasury: wallets.treasury.publicKey,
                feeBasisPoints: FEE_BASIS_POINTS,
                development: true,
                mints: [mint.publicKey],
                params: developmentParams(options.epochLengthSecs),
            },
            onProgress: progress.live,
        },
        (name, outcome) => progress.step(`${name}: ${outcome.detail}`, outcome.signature),
    );
    await ensureTokens(gateway, wallets.deployer, mint.publicKey, [
        { owner: wallets.operator.publicKey, amount: STAKE },
        { owner: wallets['content-provider'].publicKey, amount: 10n * DEPOSIT },
    ]);
    return { wallets, mint: mint.publicKey };
}

/** The operator registers, stakes, claims and offers; the content provider registers. */
async function prepareParties(
    deps: JobDeps,
    gateway: ChainGateway,
    { wallets, mint }: Pick<Market, 'wallets' | 'mint'>,
): Promise<{ nodes: NodeAddresses; offer: PublicKey }> {
    const { options, state, progress } = deps;
    const shared = { gateway, state, progress, mint };
    const operator = {
        title: 'operator',
        kind: 'seller',
        owner: wallets.operator,
        hot: wallets['operator-hot'],
        scope: 'commit',
    } as const;
    const provider = {
        title: 'content provider',
        kind: 'contentProvider',
        owner: wallets['content-provider'],
        hot: wallets['content-provider-hot'],
        scope: 'cosign',
    } as const;
    const [nodes] = await Promise.all([
        (async () => {
            await ensureParticipant(shared, operator);
            await ensureStake(shared, wallets.operator);
            return ensureNodes(shared, wallets.operator);
        })(),
        ensureParticipant(shared, provider),
    ]);
    const trade: TradeDeps = { gateway, progress, wallets, mint, nodes };
    const sell = async () => {
        await ensureClaims(trade);
        return ensureOffer(trade, options.epochLengthSecs);
    };
    const [offer] = await Promise.all([sell(), ensureLicences(shared, wallets.operator, nodes)]);
    return { nodes, offer };
}

/** Brings everything up to a funded contract and running workers. */
export async function openMarket(deps: JobDeps): Promise<Market> {
    const { options, state, supervisor, progress } = deps;
    const cluster = await startCluster({ options, state, supervisor });
    const { gateway } = cluster;
    progress.step(
        cluster.isEmbedded ? `embedded cluster (simulated) at ${cluster.rpcUrl}` : `cluster at ${cluster.rpcUrl}`,
    );
    const chain = await prepareChain(deps, cluster);
    const { nodes, offer } = await prepareParties(deps, gateway, chain);
    const run = await state.readRun();
    const nonce = run.phase === 'finished' ? run.contractNonce + 1 : run.contractNonce;
    const address = contractAddress(chain.wallets, BigInt(nonce));
    await state.writeRun({ contractNonce: nonce, contract: address.toBase58(), phase: 'open' });

    const urls = await planWorkerUrls(state);
    const trade: TradeDeps = { ...chain, gateway, progress, nodes };
    const { wallets, mint } = chain;
    const servePage = async () => {
        if (!options.startPage) return;
        const labels = labelAddresses(wallets, mint, nodes);
        const url = await startPage({ state, supervisor, cluster, urls, port: options.appPort, labels });
        progress.step(`the market is at ${url}`);
        // After the page, which takes a whole core to start, and reads the chain itself until then.
        await startIndexer({ state, supervisor }, cluster, urls.indexer);
        progress.step(`the indexer answers at ${urls.indexer}/openapi.json`);
    };
    const agree = async () => {
        const terms = { offer, nonce: BigInt(nonce), epochCount: options.once ? 60 : 4_320 };
        const agreed = await ensureContract(trade, terms);
        await ensureBond(trade, agreed);
        return agreed;
    };
    const [contract] = await Promise.all([
        agree(),
        startWorkers({
            state,
            supervisor,
            cluster,
            urls,
            nodes,
            participant: findParticipantAddress({ owner: chain.wallets.operator.publicKey }).toBase58(),
            contracts: [address.toBase58()],
        }),
        servePage(),
    ]);
    progress.step('origin, CAST, RELAY A, RELAY B, committer and provider serve');
    return { cluster, gateway, ...chain, nodes, urls, contract };
}

/** Sleeps until the contract's first epoch has begun; on a resumed run it has. */
async function waitForGenesis(gateway: ChainGateway, contract: Contract, signal: AbortSignal): Promise<void> {
    while (BigInt(await gateway.clusterTimeSecs()) < contract.genesisAt) {
        signal.throwIfAborted();
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
}

/** Viewers play the stream through; what they acknowledged is settled and paid out. */
export async function deliverAndSettle(deps: JobDeps, market: Market): Promise<void> {
    const { options, state, progress, signal } = deps;
    const { gateway, urls, contract } = market;
    await waitForGenesis(gateway, contract, signal);
    const viewers = await seatViewers();
    await waitForRoutes(urls.router, viewers, signal);
    progress.step(`viewers play: ${viewers.map(({ name, address }) => `${name} at ${address}`).join(', ')}`);
    const results = await Promise.all(
        viewers.map((viewer) =>
            play({
                state,
                urls,
                viewer,
                run: contract.address.toBase58(),
                realtime: options.realtime,
                signal,
                untilRouted: () => waitForRoutes(urls.router, [viewer], signal),
                onStart: (pid) => deps.onViewer(viewer.name, pid),
            }),
        ),
    );
    for (const [index, viewer] of viewers.entries()) tellResult(progress, viewer.name, results[index], viewer.expects);
    const acknowledgedBytes = BigInt(results.reduce((sum, result) => sum + result.acknowledgedBytes, 0));
    const settled = await waitUntilSettled(
        { gateway, progress, signal },
        { contract: contract.address, acknowledgedBytes, timeoutMs: 1000 * (2 * contract.epochLengthSecs + 120) },
    );
    progress.step(`epochs committed, co-signed and settled: ${settled.cumBytes[0]} bytes`);
    await withdrawPayouts({ gateway, progress, wallets: market.wallets }, settled);
}

function tellResult(
    progress: Progress,
    name: string,
    result: ViewerResult | undefined,
    expects: ViewerResult['delivery'],
): void {
    if (!result || result.delivery !== expects)
        throw new Error(`${name} was expected to be served by ${expects} delivery and got ${result?.delivery}`);
    const how =
        result.delivery === 'relay'
            ? `RELAY ${result.node?.slice(0, 8)}…, ${result.acknowledgedBytes} bytes acknowledged`
            : 'traditional delivery from the origin';
    progress.step(`${name} played ${result.segments} segments: ${how}`);
}

/** Reads the result from chain and logs. */
export async function readReport(market: Market, state: StateFolder, startedAtMs: number): Promise<MainJobReport> {
    const {
        gateway,
        wallets,
        mint,
        urls,
        contract: { address },
    } = market;
    const contracts = await listContracts(gateway.connection, {});
    const contract = contracts.find((candidate) => candidate.address.equals(address));
    if (!contract) throw new Error(`the contract ${address.toBase58()} is not on chain`);
    const payouts = await readPayouts(gateway, wallets, address);
    const commitments = await listDeliveryCommitments(gateway.connection, { contract: address });
    const settled = commitments.find(({ state: at, totalBytes }) => at === 'settled' && totalBytes > 0n);
    const { amount } = (await gateway.connection.getTokenAccountBalance(contract.vault, 'confirmed')).value;
    const escrowLeft = BigInt(amount);
    const sum = (amounts: readonly bigint[]) => amounts.reduce((total, value) => total + value, 0n);
    const gross = sum(contract.grossTotal);
    const paid = sum(Object.values(payouts));
    const treasuryHolds = await readTokenBalance(gateway, mint, wallets.treasury.publicKey);
    return {
        contracts: contracts.length,
        nodes: (await listNodes(gateway.connection, {})).length,
        bytesDelivered: await sumLoggedBytes(state, address.toBase58()),
        bytesCommitted: Number(sum(contract.cumBytes)),
        gross: gross.toString(),
        payouts: Object.fromEntries(Object.entries(payouts).map(([role, value]) => [role, value.toString()])),
        escrowLeft: escrowLeft.toString(),
        conserved:
            contract.depositedTotal === paid + escrowLeft &&
            contract.paidTotal === paid + sum(contract.owed) &&
            contract.paidTotal + contract.penaltyTotal === gross + contract.topUpTotal &&
            treasuryHolds >= (payouts.treasury ?? 0n),
        proofVerified: settled !== undefined && (await verifyOneRecord(gateway, urls.committer, settled.address)),
        seconds: Math.round((Date.now() - startedAtMs) / 100) / 10,
    };
}
