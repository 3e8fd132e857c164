import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SimulatedCluster } from '@ocm/cluster';
import type { Keypair } from '@solana/web3.js';
import {
    createActiveContract,
    createTaggedMarket,
    type FundedTrade,
    fundWallet,
    mintTokens,
    testIssuer,
    testKeypair,
    travelTo,
} from '../support/index.js';
import { serve, startWorker, type WorkerName } from './processes.js';

export const MEBIBYTE = 1 << 20;
/** What a node hands to the network at once. */
export const SLICE_BYTES = 64 * 1024;
export const OPERATOR_SECRET = 'a secret of the operator';
export const PROVIDER_SECRET = 'a secret of the provider';
/** Nobody listens there. */
export const NOWHERE = 'http://127.0.0.1:9';
const LOOPBACK = { host: '127.0.0.1', port: 0 };
export const CAPS = {
    openTokensPerClientKey: 2,
    tokensPerPrefix: 20,
    tokensPerGroup: 50,
    maxSessionBytes: 64 * MEBIBYTE,
};

/**
 * A contract that has begun, with epochs of a minute unless told, the embedded cluster on a socket, an origin of objects of one mebibyte,
 * live ones below `/live`, and a place for workers' processes.
 */
export async function createAttackWorld({ epochLengthSecs = 60 } = {}) {
    const market = await createTaggedMarket();
    const trade: FundedTrade = await createActiveContract({
        market,
        offer: { epochLengthSecs },
        contract: { epochCount: 100 },
    });
    travelTo(market, trade.contract.genesisAt);
    const folder = await mkdtemp(join(tmpdir(), 'ocm-attacks-'));
    const rpc = await (market.cluster as SimulatedCluster).listen({ host: '127.0.0.1', port: 0 });
    const origin = await serve((path) => ({
        status: 200,
        body: Buffer.alloc(MEBIBYTE, 7),
        ...(path.startsWith('/live') ? { pauseMs: 30 } : {}),
    }));
    const started = new Set<{ stop(): Promise<void> }>();
    const keyFile = async (name: string, { secretKey }: Keypair) => {
        const path = join(folder, `${name}.json`);
        await writeFile(path, JSON.stringify([...secretKey]), { mode: 0o600 });
        return path;
    };
    const start = async (name: WorkerName, config: Record<string, unknown>) => {
        const worker = await startWorker(market, name, folder, { rpcUrl: rpc.rpcUrl, listen: LOOPBACK, ...config });
        started.add(worker);
        return worker;
    };
    const node = trade.node.address.toBase58();
    return {
        trade,
        market,
        startNode: () => start('node', { role: 'relay', node, parentUrl: origin.url, operatorSecret: OPERATOR_SECRET }),
        startProvider: async (config: Record<string, unknown> = {}) =>
            start('provider', {
                hotKeypairPath: await keyFile('provider-hot', trade.contentProvider.hot),
                issuerKeypairPath: await keyFile('issuer', testIssuer),
                contracts: [trade.contract.address.toBase58()],
                providerSecret: PROVIDER_SECRET,
                committerUrl: NOWHERE,
                pollIntervalMs: 100,
                ...config,
            }),
        async startCommitter(nodeUrl: string) {
            const crank = testKeypair('operator crank');
            await fundWallet(market, crank, 100n);
            return start('committer', {
                hotKeypairPath: await keyFile('seller-hot', trade.seller.hot),
                crankKeypairPath: await keyFile('crank', crank),
                participant: trade.seller.address.toBase58(),
                nodes: [{ node, url: nodeUrl }],
                operatorSecret: OPERATOR_SECRET,
                proveWhen: 'always',
                withdrawMinimum: '1',
                pollIntervalMs: 100,
            });
        },
        async startWatcher(committerUrl: string, wallet: Keypair) {
            await fundWallet(market, wallet);
            await mintTokens(market, { mint: market.mint, owner: wallet.publicKey, amount: 20_000_000n });
            const keypairPath = await keyFile('watcher-wallet', wallet);
            return start('watcher', { keypairPath, committerUrl, maxBonds: '20000000', cron: '* * * * * *' });
        },
        async close() {
            await Promise.all([...started].map((worker) => worker.stop()));
            await origin.close();
            await rpc.close();
            await market.cluster.close();
            await rm(folder, { recursive: true, force: true });
        },
    };
}
export type AttackWorld = Awaited<ReturnType<typeof createAttackWorld>>;
