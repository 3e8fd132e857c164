import {
    decodeCapacityClaim,
    decodeContract,
    decodeDeliveryCommitment,
    decodeNode,
    decodeParticipant,
    listCapacityClaims,
    listContracts,
    listDeliveryCommitments,
    listNodes,
    listParticipants,
} from '@ocm/sdk';
import { INDEXER_MAX_LIMIT, INDEXER_STATUS_PATH, indexedAccountPage, indexerStatus } from '@ocm/sdk/http';
import { type Connection, PublicKey } from '@solana/web3.js';
import { fetchJson } from '../../../lib/bounded-fetch';
import type { ClusterView, Problem } from '../snapshot';

/** Where the page's lists of accounts come from. */
export interface MarketSource {
    listNodes(): ReturnType<typeof listNodes>;
    listCapacityClaims(): ReturnType<typeof listCapacityClaims>;
    listParticipants(): ReturnType<typeof listParticipants>;
    listContracts(): ReturnType<typeof listContracts>;
    listCommitments(contract: PublicKey): ReturnType<typeof listDeliveryCommitments>;
}

/** An index that is further behind the cluster than this is of no use to a page that shows the moment. */
const MAX_LAG_SECS = 30;
const MAX_LAG_SLOTS = 150;
/** More pages than this of one list are more than the page shows; then the chain is asked for what it has. */
const MAX_PAGES = 50;

export function createChainSource(connection: Connection): MarketSource {
    return {
        listNodes: () => listNodes(connection),
        listCapacityClaims: () => listCapacityClaims(connection),
        listParticipants: () => listParticipants(connection),
        listContracts: () => listContracts(connection),
        listCommitments: (contract) => listDeliveryCommitments(connection, { contract }),
    };
}

/** Takes accounts as bytes and decodes them as if they came from the chain; the indexer is believed as an RPC endpoint is. */
function createIndexerSource(url: string): MarketSource {
    const list = async <Account extends object>(path: string, query: string, decode: (data: Uint8Array) => Account) => {
        const accounts: (Account & { address: PublicKey })[] = [];
        let cursor: string | null = '';
        for (let page = 0; page < MAX_PAGES && cursor !== null; page += 1) {
            const more: string = cursor === '' ? '' : `&cursor=${cursor}`;
            const at = `${url}/v1/${path}?raw=true&limit=${INDEXER_MAX_LIMIT}${query}${more}`;
            const { items, nextCursor } = await fetchJson({ url: at, schema: indexedAccountPage });
            for (const { address, raw = '' } of items) {
                const data = Uint8Array.from(Buffer.from(raw, 'base64'));
                accounts.push({ ...decode(data), address: new PublicKey(address) });
            }
            cursor = nextCursor;
        }
        if (cursor !== null) throw new Error(`${url} has more than ${MAX_PAGES} pages of ${path}.`);
        return accounts;
    };
    return {
        listNodes: () => list('nodes', '', decodeNode),
        listCapacityClaims: () => list('claims', '', decodeCapacityClaim),
        listParticipants: () => list('participants', '', decodeParticipant),
        listContracts: () => list('contracts', '', decodeContract),
        listCommitments: (contract) =>
            list('commitments', `&contract=${contract.toBase58()}`, decodeDeliveryCommitment),
    };
}

/** Null when the index may be read; otherwise why not, in words. */
async function findObstacle(url: string, cluster: ClusterView): Promise<string | null> {
    const status = await fetchJson({ url: url + INDEXER_STATUS_PATH, schema: indexerStatus });
    if (status.genesisHash !== cluster.genesisHash) return 'The indexer is of another cluster.';
    if (!status.ready || status.lagSecs === null) return 'The indexer has not read the chain to its end yet.';
    const behind = (cluster.slot ?? 0) - status.indexedSlot;
    if (status.lagSecs > MAX_LAG_SECS || behind > MAX_LAG_SLOTS)
        return `The indexer is ${status.lagSecs} s and ${Math.max(0, behind)} slots behind.`;
    return null;
}

/** Every list from the first, or from the second when the first fails; `tell` hears of it once. */
function withFallback(first: MarketSource, second: MarketSource, tell: (reason: string) => void): MarketSource {
    const orElse = async <T>(read: () => Promise<T>, fallback: () => Promise<T>): Promise<T> => {
        try {
            return await read();
        } catch (error) {
            tell(error instanceof Error ? error.message : 'The indexer did not answer.');
            return fallback();
        }
    };
    return {
        listNodes: () => orElse(first.listNodes, second.listNodes),
        listCapacityClaims: () => orElse(first.listCapacityClaims, second.listCapacityClaims),
        listParticipants: () => orElse(first.listParticipants, second.listParticipants),
        listContracts: () => orElse(first.listContracts, second.listContracts),
        listCommitments: (contract) =>
            orElse(
                () => first.listCommitments(contract),
                () => second.listCommitments(contract),
            ),
    };
}

/** The indexer where one is configured, answers and keeps up; else the chain, and a problem that says so. */
export async function chooseSource(
    { connection, indexerUrl }: { connection: Connection; indexerUrl: string | null },
    cluster: ClusterView,
    problems: Problem[],
): Promise<MarketSource> {
    const chain = createChainSource(connection);
    if (indexerUrl === null) return chain;
    const tell = (message: string) => {
        if (problems.some(({ source }) => source === 'Indexer')) return;
        const remedy = 'The page reads the chain itself meanwhile. Start the indexer, or unset INDEXER_URL.';
        problems.push({ source: 'Indexer', message, remedy });
    };
    try {
        const obstacle = await findObstacle(indexerUrl, cluster);
        if (obstacle === null) return withFallback(createIndexerSource(indexerUrl), chain, tell);
        tell(obstacle);
    } catch (error) {
        tell(error instanceof Error ? error.message : 'The indexer did not answer.');
    }
    return chain;
}
