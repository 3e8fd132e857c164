import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Cluster } from './cluster.js';
import type { WorkerUrls } from './processes.js';
import type { StateFolder } from './state-folder.js';
import type { Supervisor } from './supervisor.js';
import { STREAM_PATH } from './viewers.js';

const HOST = '127.0.0.1';

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
            STREAM_PATH,
            PAYEE_LABELS: JSON.stringify(input.labels),
        },
    });
    return url;
}
