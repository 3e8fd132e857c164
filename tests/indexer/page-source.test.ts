import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Contract, DeliveryCommitment, Node, WithAddress } from '@ocm/sdk';
import { listContracts, listDeliveryCommitments, listNodes } from '@ocm/sdk';
import { Connection, type PublicKey } from '@solana/web3.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FundedTrade } from '../support/index.js';
import { layOutMarket, serveMarket } from './market.js';
import { buildIndexer, type IndexerProcess, killIndexers, startIndexer } from './process.js';
import { type RpcProxy, startRpcProxy } from './rpc-proxy.js';

/** What of the page is under test; the page is no package that others import. */
interface Page {
    chooseSource(
        input: { connection: Connection; indexerUrl: string | null },
        cluster: { genesisHash: string; slot: number },
        problems: { source: string; message: string }[],
    ): Promise<{
        listNodes(): Promise<WithAddress<Node>[]>;
        listContracts(): Promise<WithAddress<Contract>[]>;
        listCommitments(contract: PublicKey): Promise<WithAddress<DeliveryCommitment>[]>;
    }>;
}
const PAGE = new URL('../../app/src/features/live/server/market-source.ts', import.meta.url).href;

let page: Page;
let trade: FundedTrade;
let proxy: RpcProxy;
let indexer: IndexerProcess;
let folder: string;
let connection: Connection;
let cluster: { genesisHash: string; slot: number };
let problems: { source: string; message: string }[] = [];
beforeAll(async () => {
    buildIndexer();
    page = (await import(PAGE)) as Page;
    trade = await layOutMarket();
    const { rpcUrl } = await serveMarket(trade);
    proxy = await startRpcProxy(rpcUrl);
    connection = new Connection(proxy.url, 'confirmed');
    cluster = { genesisHash: await connection.getGenesisHash(), slot: await connection.getSlot() };
    folder = await mkdtemp(join(tmpdir(), 'ocm-indexer-'));
    indexer = await startIndexer({ rpcUrl, dataDir: folder });
    await indexer.until(({ ready }) => ready);
});
beforeEach(() => {
    proxy.calls.length = 0;
    problems = [];
});
afterAll(async () => {
    killIndexers();
    await proxy.close();
    await trade.market.cluster.close();
    await rm(folder, { recursive: true, force: true });
});

const byAddress = <Account extends { address: PublicKey }>(accounts: Account[]): Account[] =>
    accounts.toSorted((a, b) => (a.address.toBase58() < b.address.toBase58() ? -1 : 1));

/** The page's lists, and whether the chain was asked for them. */
async function readPage(indexerUrl: string | null, of = cluster) {
    const source = await page.chooseSource({ connection, indexerUrl }, of, problems);
    const nodes = await source.listNodes();
    const contracts = await source.listContracts();
    const commitments = await source.listCommitments(trade.contract.address);
    const askedChain = proxy.calls.some(({ method }) => method === 'getProgramAccounts');
    return { lists: [byAddress(nodes), byAddress(contracts), byAddress(commitments)], askedChain };
}

async function readChain() {
    const of = trade.market.connection;
    const commitments = await listDeliveryCommitments(of, { contract: trade.contract.address });
    return [byAddress(await listNodes(of)), byAddress(await listContracts(of)), byAddress(commitments)];
}

describe('the market page', () => {
    it('reads from the indexer what the chain says, to the last field, and does not ask the chain', async () => {
        const { lists, askedChain } = await readPage(indexer.url);
        expect(lists).toEqual(await readChain());
        expect(lists.map(({ length }) => length)).toEqual([1, 1, 3]);
        expect(askedChain).toBe(false);
        expect(problems).toEqual([]);
    });

    it.each([
        ['does not answer', () => ({ url: 'http://127.0.0.1:1' }), /did not answer/],
        ['is of another cluster', () => ({ of: { ...cluster, genesisHash: 'x' } }), /another cluster/],
        ['is behind', () => ({ of: { ...cluster, slot: cluster.slot + 1_000 } }), /slots behind/],
    ])('reads the chain itself where the indexer %s, and says so', async (_name, change, reason) => {
        const { url = indexer.url, of = cluster }: { url?: string; of?: typeof cluster } = change();
        const { lists, askedChain } = await readPage(url, of);
        expect(lists).toEqual(await readChain());
        expect(askedChain).toBe(true);
        expect(problems).toMatchObject([{ source: 'Indexer', message: expect.stringMatching(reason) }]);
    });

    it('reads the chain where none is configured, and misses nothing', async () => {
        expect(await readPage(null)).toEqual({ lists: await readChain(), askedChain: true });
        expect(problems).toEqual([]);
    });

    it('goes on with the chain where the indexer falls between two lists', async () => {
        const source = await page.chooseSource({ connection, indexerUrl: indexer.url }, cluster, problems);
        await source.listNodes();
        indexer.kill('SIGKILL');
        await indexer.exited;
        expect(await source.listContracts()).toEqual(await listContracts(trade.market.connection));
        await source.listCommitments(trade.contract.address);
        expect(problems).toHaveLength(1);
    });
});
