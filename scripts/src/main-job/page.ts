import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { findParticipantAddress } from '@ocm/sdk';
import type { PublicKey } from '@solana/web3.js';
import type { Cluster } from './cluster.js';
import { NODE_NAMES, type NodeAddresses } from './nodes.js';
import { listPayees } from './payouts.js';
import type { WorkerUrls } from './processes.js';
import type { StateFolder } from './state-folder.js';
import type { Supervisor } from './supervisor.js';
import { STREAM_PATH } from './viewers.js';
import type { Wallets } from './wallets.js';

const HOST = '127.0.0.1';

/** @throws Error naming the port and the option that chooses another. */
export async function assertPortFree(port: number): Promise<void> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, HOST, () => server.close(() => resolve()));
    }).catch((cause: NodeJS.ErrnoException) => {
        const why = cause.code === 'EADDRINUSE' ? 'is in use' : `cannot be used (${cause.code})`;
        throw new Error(`port ${port}, where the page would be, ${why}; choose another with --app-port`, { cause });
    });
}

/** What the page calls the run's addresses. */
export function labelAddresses(wallets: Wallets, mint: PublicKey, nodes: NodeAddresses): Record<string, string> {
    const titles = { cast: 'CAST', 'relay-a': 'RELAY A', 'relay-b': 'RELAY B' } as const;
    const participant = (owner: PublicKey) => findParticipantAddress({ owner }).toBase58();
    return {
        [mint.toBase58()]: 'demonstration token',
        ...Object.fromEntries(NODE_NAMES.map((name) => [nodes[name].toBase58(), titles[name]])),
        [wallets['content-provider'].publicKey.toBase58()]: 'content provider',
        [participant(wallets.operator.publicKey)]: 'operator',
        [participant(wallets['content-provider'].publicKey)]: 'content provider',
        ...Object.fromEntries(listPayees(wallets).map(({ role, wallet }) => [wallet.publicKey.toBase58(), role])),
    };
}

/** Starts the market page on what was built before. */
export async function startPage(input: {
    state: StateFolder;
    supervisor: Supervisor;
    cluster: Cluster;
    urls: WorkerUrls;
    port: number;
    /** Names for addresses that the page shows. */
    labels: Record<string, string>;
}): Promise<string> {
    const { state, supervisor, cluster, urls, port } = input;
    const require = createRequire(import.meta.url);
    const app = dirname(require.resolve('@ocm/app/package.json'));
    const url = `http://${HOST}:${port}`;
    await supervisor.start({
        name: 'page',
        entry: join(
            dirname(createRequire(join(app, 'package.json')).resolve('next/package.json')),
            'dist',
            'bin',
            'next',
        ),
        preload: new URL('./leash.js', import.meta.url).href,
        args: ['start', app, '--hostname', HOST, '--port', String(port)],
        logPath: state.path('logs', 'page.log'),
        healthUrl: `${url}/api/config`,
        env: {
            NODE_ENV: 'production',
            NEXT_TELEMETRY_DISABLED: '1',
            RPC_URL: cluster.rpcUrl,
            ...(cluster.wsUrl ? { WS_URL: cluster.wsUrl } : {}),
            ORIGIN_URL: urls.origin,
            CAST_URL: urls.router,
            PROVIDER_URL: urls.provider,
            COMMITTER_URL: urls.committer,
            INDEXER_URL: urls.indexer,
            STREAM_PATH,
            PAYEE_LABELS: JSON.stringify(input.labels),
        },
    });
    return url;
}
