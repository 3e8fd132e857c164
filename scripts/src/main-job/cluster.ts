import { fileURLToPath } from 'node:url';
import { type ChainGateway, createChainGateway, createLogger } from '@ocm/runtime';
import type { MainJobOptions } from './options.js';
import type { StateFolder } from './state-folder.js';
import type { Supervisor } from './supervisor.js';

export type Cluster = { rpcUrl: string; wsUrl: string | undefined; isEmbedded: boolean; gateway: ChainGateway };

const HEALTH_BODY = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'getHealth' });

function openGateway(rpcUrl: string, wsUrl: string | undefined): ChainGateway {
    const log = createLogger({ name: 'main-job', level: process.env.LOG_LEVEL ?? 'error' });
    return createChainGateway({ rpcUrl, log, ...(wsUrl ? { wsUrl } : {}) });
}

/**
 * Starts the embedded cluster, or connects to the one at `RPC_URL`.
 *
 * @throws Error naming the address when nothing answers there.
 */
export async function startCluster(input: {
    options: MainJobOptions;
    state: StateFolder;
    supervisor: Supervisor;
}): Promise<Cluster> {
    const { options, state, supervisor } = input;
    if (options.rpcUrl) {
        const gateway = openGateway(options.rpcUrl, options.wsUrl);
        try {
            await gateway.connection.getGenesisHash();
        } catch (cause) {
            throw new Error(
                `no Solana cluster answers at RPC_URL (${options.rpcUrl}); start it, or unset RPC_URL to use the embedded one`,
                { cause },
            );
        }
        return { rpcUrl: options.rpcUrl, wsUrl: options.wsUrl, isEmbedded: false, gateway };
    }
    const port = options.once ? await state.port('cluster-rpc', 'cluster-websocket') : options.rpcPort;
    const rpcUrl = `http://127.0.0.1:${port}`;
    await supervisor.start({
        name: 'cluster',
        entry: fileURLToPath(import.meta.resolve('@ocm/cluster/main')),
        args: ['--host', '127.0.0.1', '--rpc-port', String(port), '--state', state.path('cluster')],
        logPath: state.path('logs', 'cluster.log'),
        healthUrl: rpcUrl,
        healthBody: HEALTH_BODY,
    });
    const wsUrl = `ws://127.0.0.1:${port}`;
    return { rpcUrl, wsUrl, isEmbedded: true, gateway: openGateway(rpcUrl, wsUrl) };
}
