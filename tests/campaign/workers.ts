import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Keypair } from '@solana/web3.js';
import type { WorkerSpec } from './launch.js';
import type { CampaignMarket } from './market.js';

export const PORTS = [
    'origin',
    'cast',
    'cast-cache',
    'relay-a',
    'relay-b',
    'committer',
    'provider',
    'indexer',
    'watcher',
];
const OPERATOR_SECRET = 'a secret of this campaign';
const HOST = '127.0.0.1';
/** Viewers that insist are no attack here. */
const NO_LIMIT = { burst: 1_000_000, perSecond: 1_000_000 };

type Input = { folder: string; chain: CampaignMarket; ports: Record<string, number>; originUrl: string };

/** Every process of a round with its configuration, in the order in which they are best started. */
export async function describeWorkers(input: Input): Promise<WorkerSpec[]> {
    const { folder, ports } = input;
    const origin = { listen: { host: HOST, port: ports.origin }, mediaDir: join(folder, 'media') };
    return [
        { name: 'origin', kind: undefined, worker: 'origin', config: origin },
        ...describeNodes(input),
        await describeCommitter(input),
        await describeProvider(input),
        { name: 'indexer', kind: 'indexer', worker: 'indexer', config: describeIndexer(input) },
        await describeWatcher(input),
    ];
}

const listen = (ports: Record<string, number>, name: string) => ({ host: HOST, port: ports[name] ?? 0 });
const urlOf = (ports: Record<string, number>, name: string) => `http://${HOST}:${ports[name]}`;

function describeNodes({ chain, ports, originUrl }: Input): WorkerSpec[] {
    const shared = {
        operatorSecret: OPERATOR_SECRET,
        pollIntervalMs: 800,
        healthIntervalMs: 500,
        cache: { diskBytes: 4 << 20, memoryBytes: 1 << 20 },
    };
    const cast = {
        ...shared,
        role: 'cast',
        node: chain.cast.toBase58(),
        listen: listen(ports, 'cast'),
        cacheListen: listen(ports, 'cast-cache'),
        parentUrl: originUrl,
        traditionalUrl: originUrl,
    };
    const relay = (name: string, node: string) => ({
        ...shared,
        role: 'relay',
        node,
        listen: listen(ports, name),
        parentUrl: urlOf(ports, 'cast-cache'),
    });
    return [
        { name: 'cast', kind: 'node', worker: 'node', config: cast },
        ...chain.relays.map(
            ({ name, address }): WorkerSpec => ({
                name,
                kind: 'node',
                worker: 'node',
                config: relay(name, address.toBase58()),
            }),
        ),
    ];
}

async function describeCommitter({ folder, chain, ports }: Input): Promise<WorkerSpec> {
    const config = {
        listen: listen(ports, 'committer'),
        hotKeypairPath: await writeKey(folder, 'seller-hot', chain.seller.hot),
        crankKeypairPath: await writeKey(folder, 'crank', chain.wallets.crank),
        participant: chain.seller.address.toBase58(),
        nodes: chain.relays.map(({ name, address }) => ({ node: address.toBase58(), url: urlOf(ports, name) })),
        operatorSecret: OPERATOR_SECRET,
        // Soon enough that a content provider who is often dead has some epochs proved instead of co-signed.
        provePatienceSecs: 6,
        withdrawMinimum: '1',
        pollIntervalMs: 400,
    };
    return { name: 'committer', kind: 'committer', worker: 'committer', config };
}

async function describeProvider({ folder, chain, ports }: Input): Promise<WorkerSpec> {
    const config = {
        listen: listen(ports, 'provider'),
        hotKeypairPath: await writeKey(folder, 'provider-hot', chain.contentProvider.hot),
        issuerKeypairPath: await writeKey(folder, 'issuer', chain.wallets.issuer),
        contracts: chain.contracts.map(({ address }) => address.toBase58()),
        committerUrl: urlOf(ports, 'committer'),
        pollIntervalMs: 400,
        tokenRateLimit: NO_LIMIT,
        receiptRateLimit: NO_LIMIT,
    };
    return { name: 'provider', kind: 'provider', worker: 'provider', config };
}

const describeIndexer = ({ ports }: Input) => ({
    listen: listen(ports, 'indexer'),
    pollIntervalMs: 800,
    rescanIntervalSecs: 20,
});

async function describeWatcher({ folder, chain, ports }: Input): Promise<WorkerSpec> {
    const config = {
        listen: listen(ports, 'watcher'),
        keypairPath: await writeKey(folder, 'watcher', chain.wallets.watcher),
        committerUrl: urlOf(ports, 'committer'),
        // Bonds enough to challenge everything: that it does not is what is judged.
        maxBonds: '100000000',
        patienceSecs: 90,
        cron: '* * * * * *',
    };
    return { name: 'watcher', kind: 'watcher', worker: 'watcher', config };
}

async function writeKey(folder: string, name: string, { secretKey }: Keypair): Promise<string> {
    const path = join(folder, `${name}-key.json`);
    await writeFile(path, JSON.stringify([...secretKey]), { mode: 0o600 });
    return path;
}
