import { describeConfig, loadConfig, runService } from '@ocm/runtime';
import { nodeConfig } from './config.js';
import { startNode } from './node.js';
import { createChainReader } from './topology/chain-reader.js';
import { ClusterClock } from './topology/cluster-clock.js';
import { PolledTopology } from './topology/polled-topology.js';

const help = `ocm-node --config FILE

One program, three roles: cast (request router and mid-tier cache), relay (edge cache), beacon (cache of one address).

Config fields (JSON), each replaceable by the variable in brackets:
${describeConfig(nodeConfig)}
`;

await runService(
    'ocm-node',
    async ({ log, onStop, untilStopped }) => {
        const config = loadConfig(nodeConfig, { argv: process.argv.slice(2), env: process.env });
        const { rpcUrl, node: self, dataDir, pollIntervalMs: intervalMs } = config;
        const clock = await ClusterClock.open({ dataDir, log });
        const read = createChainReader({ rpcUrl, node: self, clock, now: Date.now, log });
        const topology = await PolledTopology.start({ read, dataDir, intervalMs, log });
        const node = await startNode(config, { topology, clock, now: Date.now, log });
        onStop(() => node.stop());
        await untilStopped();
    },
    { help },
);
