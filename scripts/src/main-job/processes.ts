import { randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { writeFileAtomic } from '@ocm/runtime';
import { STATUS_PATH } from '@ocm/sdk/http';
import { COVERED_BY_ASN } from './addresses.js';
import type { Cluster } from './cluster.js';
import { NODE_NAMES, NODES, type NodeAddresses, type NodeName } from './nodes.js';
import type { StateFolder } from './state-folder.js';
import type { Supervisor } from './supervisor.js';
import { walletPath } from './wallets.js';

const HOST = '127.0.0.1';
/** Epochs of the main job last seconds, so its workers look at the chain more often than ones in production. */
const POLL_INTERVAL_MS = 250;
/** The page shows the moment; the cluster's hints bring it sooner than this. */
const INDEX_INTERVAL_MS = 500;
/** The page asks each second, for every contract that it shows. */
const PAGE_REQUESTS_PER_MINUTE = 10_000;

export type WorkerUrls = {
    origin: string;
    router: string;
    provider: string;
    committer: string;
    indexer: string;
    nodes: Record<NodeName, string>;
};

export async function planWorkerUrls(state: StateFolder): Promise<WorkerUrls> {
    const url = async (name: string) => `http://${HOST}:${await state.port(name)}`;
    const nodes = {} as Record<NodeName, string>;
    for (const name of NODE_NAMES) nodes[name] = await url(name);
    return {
        origin: await url('origin'),
        router: nodes.cast,
        provider: await url('provider'),
        committer: await url('committer'),
        indexer: await url('indexer'),
        nodes,
    };
}

/** The bearer secret between an operator's committer and its nodes. */
async function readOrCreateOperatorSecret(state: StateFolder): Promise<string> {
    const path = state.path('keys', 'operator-secret');
    const known = await readFile(path, 'utf8').catch(() => undefined);
    if (known) return known;
    const secret = randomBytes(32).toString('hex');
    await writeFileAtomic(path, secret, 0o600);
    return secret;
}

type WorkerSpec = { name: string; worker: string; url: string; healthPath: string; config: object };

/** Starts one worker with a configuration file of its own. */
async function startWorker(
    { state, supervisor }: Pick<StartWorkersInput, 'state' | 'supervisor'>,
    { name, worker, url, healthPath, config }: WorkerSpec,
): Promise<void> {
    const configPath = state.path('config', `${name}.json`);
    const listen = { host: HOST, port: Number(new URL(url).port) };
    await mkdir(state.path('workers', name), { recursive: true, mode: 0o700 });
    await writeFileAtomic(configPath, JSON.stringify({ ...config, listen }, null, 2), 0o600);
    await supervisor.start({
        name,
        entry: fileURLToPath(import.meta.resolve(`@ocm/${worker}/main`)),
        args: ['--config', configPath],
        logPath: state.path('logs', `${name}.log`),
        healthUrl: `${url}${healthPath}`,
    });
}

/** Starts the indexer that the page reads; it serves once it has read the chain. */
export function startIndexer(
    deps: Pick<StartWorkersInput, 'state' | 'supervisor'>,
    { rpcUrl, wsUrl }: Cluster,
    url: string,
): Promise<void> {
    const dataDir = deps.state.path('workers', 'indexer');
    const pace = { pollIntervalMs: INDEX_INTERVAL_MS, requestsPerMinute: PAGE_REQUESTS_PER_MINUTE };
    const config = { rpcUrl, ...(wsUrl ? { wsUrl } : {}), dataDir, ...pace };
    return startWorker(deps, { name: 'indexer', worker: 'indexer', url, healthPath: '/readyz', config });
}

export type StartWorkersInput = {
    state: StateFolder;
    supervisor: Supervisor;
    cluster: Cluster;
    urls: WorkerUrls;
    nodes: NodeAddresses;
    participant: string;
    contracts: string[];
};

/** Starts origin, nodes, provider and committer, each with a configuration file of its own. */
export async function startWorkers(input: StartWorkersInput): Promise<void> {
    const { state, supervisor, cluster, urls, nodes } = input;
    const operatorSecret = await readOrCreateOperatorSecret(state);
    const chain = {
        rpcUrl: cluster.rpcUrl,
        ...(cluster.wsUrl ? { wsUrl: cluster.wsUrl } : {}),
        pollIntervalMs: POLL_INTERVAL_MS,
    };
    const castCachePort = await state.port('cast-cache');
    const start = (name: string, worker: string, url: string, healthPath: string, config: object) =>
        startWorker({ state, supervisor }, { name, worker, url, healthPath, config });

    const startNode = (name: NodeName) =>
        start(name, 'node', urls.nodes[name], STATUS_PATH, {
            ...chain,
            role: NODES[name].role,
            node: nodes[name].toBase58(),
            dataDir: state.path('workers', name),
            operatorSecret,
            location: NODES[name].location,
            traditionalUrl: urls.origin,
            ...(NODES[name].role === 'cast'
                ? {
                      cacheListen: { host: HOST, port: castCachePort },
                      parentUrl: urls.origin,
                      healthIntervalMs: POLL_INTERVAL_MS,
                      asnPrefixes: { [COVERED_BY_ASN.asn]: COVERED_BY_ASN.prefixes },
                  }
                : { parentUrl: `http://${HOST}:${castCachePort}` }),
        });

    await Promise.all([
        start('origin', 'origin', urls.origin, '/healthz', {}),
        startNode('cast'),
        startNode('relay-a'),
        startNode('relay-b'),
        start('committer', 'committer', urls.committer, '/healthz', {
            ...chain,
            dataDir: state.path('workers', 'committer'),
            hotKeypairPath: walletPath(state, 'operator-hot'),
            crankKeypairPath: walletPath(state, 'crank'),
            participant: input.participant,
            nodes: NODE_NAMES.map((name) => ({ node: nodes[name].toBase58(), url: urls.nodes[name] })),
            operatorSecret,
        }),
        start('provider', 'provider', urls.provider, '/healthz', {
            ...chain,
            dataDir: state.path('workers', 'provider'),
            hotKeypairPath: walletPath(state, 'content-provider-hot'),
            issuerKeypairPath: walletPath(state, 'issuer'),
            contracts: input.contracts,
            committerUrl: urls.committer,
        }),
    ]);
}
