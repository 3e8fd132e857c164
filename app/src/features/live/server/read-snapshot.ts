import type { ProviderStatus } from '@ocm/sdk/http';
import { Connection } from '@solana/web3.js';
import type { RuntimeConfig } from '../../../lib/config';
import { formatAmount } from '../../../lib/format';
import { mapLimited } from '../../../lib/map-limited';
import { rememberNodeOrigins } from '../../../lib/node-origins';
import { readCluster, UNREACHABLE_CLUSTER } from '../../cluster/server/read-cluster';
import { toContractViews } from '../../contracts/server/contract-views';
import { type ChainContracts, readChainContracts } from '../../contracts/server/read-contracts';
import { EvidenceReader, readProviderStatus } from '../../contracts/server/read-evidence';
import { addStatus } from '../../network/server/node-status';
import { LicenceReader } from '../../network/server/read-licences';
import { type ChainNodes, readChainNodes, toNodeViews } from '../../network/server/read-nodes';
import { type LoggedTransaction, TransactionLog } from '../../transactions/server/transaction-log';
import { toTransactionViews } from '../../transactions/server/transaction-views';
import type { ClusterView, ContractView, NodeFigures, NodeView, Problem, Snapshot } from '../snapshot';
import { chooseSource } from './market-source';

const CONCURRENT_NODE_CHECKS = 16;
/** A hanging RPC must not hang the page. */
const RPC_TIMEOUT_MS = 5_000;

const EMPTY_CONTRACTS: ChainContracts = {
    contracts: [],
    commitments: new Map(),
    owners: new Map(),
    decimals: new Map(),
    balances: new Map(),
};

interface Chain {
    readonly cluster: ClusterView;
    readonly nodes: ChainNodes;
    readonly contracts: ChainContracts;
    readonly transactions: readonly LoggedTransaction[];
}

const EMPTY_CHAIN: Chain = {
    cluster: UNREACHABLE_CLUSTER,
    nodes: { nodes: [], claims: [], participants: [], licences: new Map() },
    contracts: EMPTY_CONTRACTS,
    transactions: [],
};

function createConnection(rpcUrl: string): Connection {
    return new Connection(rpcUrl, {
        commitment: 'confirmed',
        disableRetryOnRateLimit: true,
        fetch: (input, init) => fetch(input, { ...init, signal: AbortSignal.timeout(RPC_TIMEOUT_MS) }),
    });
}

/** A reader of snapshots that never fails: what could not be read is named in `problems`, the last known state stays. */
export function createSnapshotReader(config: RuntimeConfig): () => Promise<Snapshot> {
    const connection = createConnection(config.rpcUrl);
    const licenceReader = new LicenceReader(connection);
    const log = new TransactionLog(connection);
    const evidence = config.committerUrl ? new EvidenceReader(config.committerUrl) : null;
    const lastFigures = new Map<string, NodeFigures>();
    let last: Chain = EMPTY_CHAIN;

    async function readChain(problems: Problem[]): Promise<Chain> {
        try {
            const cluster = await readCluster(connection, config.local);
            if (last.cluster.genesisHash !== cluster.genesisHash) log.clear();
            const source = await chooseSource({ connection, indexerUrl: config.indexerUrl }, cluster, problems);
            const [nodes, contracts] = await Promise.all([
                readChainNodes(source, licenceReader),
                readChainContracts(connection, source, config.contracts),
            ]);
            const transactions = await log.update(listWatched(nodes, contracts));
            last = { cluster, nodes, contracts, transactions };
        } catch (error) {
            problems.push({
                source: 'Chain',
                message: `${describe(error)} at ${new URL(config.publicRpcUrl).host}.`,
                remedy: 'Figures from the chain stand as last read. Start the cluster or set RPC_URL; this page tries again by itself.',
            });
            last = { ...last, cluster: { ...last.cluster, reachable: false } };
        }
        return last;
    }

    async function readProvider(problems: Problem[]): Promise<ProviderStatus | null> {
        if (!config.providerUrl) return null;
        try {
            return await readProviderStatus(config.providerUrl);
        } catch (error) {
            problems.push({
                source: 'Content provider',
                message: `${describe(error)}.`,
                remedy: 'Watching goes on without receipts until it answers; nothing on chain is affected.',
            });
            return null;
        }
    }

    async function readEvidence(chain: Chain, problems: Problem[]) {
        if (!evidence) return new Map();
        const addresses = [...chain.contracts.commitments.values()].flat().map(({ address }) => address.toBase58());
        try {
            return await evidence.read(addresses);
        } catch (error) {
            problems.push({
                source: 'Committer',
                message: `${describe(error)}.`,
                remedy: 'Commitments on chain stand; their evidence cannot be checked until it answers.',
            });
            return evidence.known;
        }
    }

    return async () => {
        const problems: Problem[] = [];
        const chain = await readChain(problems);
        const [nodes, provider, evidenceKnown] = await Promise.all([
            mapLimited(toNodeViews(chain.nodes, config.labels), CONCURRENT_NODE_CHECKS, async (node) =>
                keepFigures(await addStatus(node, config.local), lastFigures),
            ),
            readProvider(problems),
            readEvidence(chain, problems),
        ]);
        rememberNodeOrigins(nodes.flatMap(({ endpoint }) => (endpoint ? [`http://${endpoint}`] : [])));
        const contracts = toContractViews(
            {
                chain: chain.contracts,
                nodes,
                labels: config.labels,
                transactions: chain.transactions,
                evidence: evidenceKnown,
                provider,
                nowSecs: chain.cluster.timeSecs ?? Math.floor(Date.now() / 1000),
            },
            (problem) => problems.push(problem),
        );
        return {
            takenAtMs: Date.now(),
            cluster: chain.cluster,
            problems,
            nodes,
            contracts,
            transactions: toTransactionViews(chain.transactions, {
                money: (baseUnits, contract) => money(baseUnits, contract, contracts),
                nameOf: (address) => config.labels[address] ?? null,
            }),
        };
    };
}

/** A node that is away for a moment keeps its place and its figures as last told; its health says that it is away. */
function keepFigures(node: NodeView, lastFigures: Map<string, NodeFigures>): NodeView {
    if (node.status) lastFigures.set(node.address, node.status);
    return node.status ? node : { ...node, status: lastFigures.get(node.address) ?? null };
}

/** Accounts whose transactions are the steps of the market. */
function listWatched(nodes: ChainNodes, contracts: ChainContracts): string[] {
    return [
        ...contracts.contracts.map(({ address }) => address),
        ...nodes.participants.map(({ address }) => address),
        ...nodes.nodes.map(({ address }) => address),
    ]
        .slice(0, MAX_WATCHED)
        .map((address) => address.toBase58());
}
const MAX_WATCHED = 64;

function money(baseUnits: bigint, contract: string | null, contracts: readonly ContractView[]): string {
    const mint = (contracts.find(({ address }) => address === contract) ?? contracts[0])?.mint;
    if (!mint) return `${baseUnits} base units`;
    return `${formatAmount(baseUnits, mint.decimals)}${mint.label ? ` ${mint.label}` : ''}`;
}

function describe(error: unknown): string {
    if (!(error instanceof Error)) return 'It did not answer';
    if (/fetch failed|ECONNREFUSED|timeout|aborted/i.test(error.message)) return 'The RPC endpoint does not answer';
    return error.message.replace(/\.$/, '');
}
