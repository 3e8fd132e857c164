import { describeConfig, loadConfig, runService } from '@ocm/runtime';
import { nodeConfig } from './config.js';
import { startNode } from './node.js';
import { checkConfig } from './ops/check-config.js';
import { generateProxyConfig } from './proxy-adapter/generate.js';
import { createChainReader } from './topology/chain-reader.js';
import { ClusterClock } from './topology/cluster-clock.js';
import { PolledTopology } from './topology/polled-topology.js';

const help = `ocm-node --config FILE [--check-config]
ocm-node generate-proxy-config --kind nginx --config FILE

One program, three roles: cast (request router and mid-tier cache), relay (edge cache), beacon (cache of one address).

generate-proxy-config  prints the configuration of a proxy that delivers the bytes in place of the node (part proxy)
--check-config  validates the config and the files that it names, prints it as it would be used, without secrets, and ends

SIGTERM and SIGINT: leaves (drain), a second one ends at once. SIGHUP: reads certificate files again.

Config fields (JSON), each replaceable by the variable in brackets:
${describeConfig(nodeConfig)}
`;
/** Beyond the drain itself: seals under way, journals, the lock. */
const STOP_MARGIN_MS = 10_000;

await runService(
    'ocm-node',
    async ({ log, metrics, onStop, untilStopped }) => {
        const argv = process.argv.slice(2);
        const config = loadConfig(nodeConfig, { argv, env: process.env });
        if (argv.includes('--check-config')) {
            process.stdout.write(`${await checkConfig(config)}\n`);
            return;
        }
        if (argv[0] === 'generate-proxy-config') {
            process.stdout.write(generateProxyConfig(config, argv));
            return;
        }
        const { rpcUrl, node: self, role, dataDir, pollIntervalMs: intervalMs, drain } = config;
        const clock = await ClusterClock.open({ dataDir, log });
        const chain = createChainReader({ rpcUrl, node: self, role, clock, now: Date.now, log });
        const topology = await PolledTopology.start({ ...chain, dataDir, intervalMs, log });
        const node = await startNode(config, { topology, clock, now: Date.now, log, metrics });
        process.on('SIGHUP', () => void node.reload());
        onStop(() => node.stop());
        onStop(() => node.leave(), drain.announceMs + drain.graceMs + STOP_MARGIN_MS);
        await untilStopped();
    },
    { help },
);
