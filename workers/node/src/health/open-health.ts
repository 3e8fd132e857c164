import type { NodeConfig } from '../config.js';
import type { Clock, NodeLog, TopologyPort } from '../ports.js';
import { readIdentity } from './identity.js';
import { Maintenance } from './maintenance.js';
import { HealthMonitor } from './monitor.js';
import type { Peer } from './probe.js';
import { SelfReport, type SelfReportOptions } from './self-report.js';
import type { Identity } from './statement.js';

const PROBE_TIMEOUT_MS = 1_000;

export interface OpenHealthInput {
    config: NodeConfig;
    topology: TopologyPort;
    now: Clock;
    log: NodeLog;
    pauseReason: SelfReportOptions['pauseReason'];
    totals: SelfReportOptions['totals'];
}
/** What a node needs to answer how it is, and a CAST to ask others. */
export interface Health {
    identity: Identity | null;
    maintenance: Maintenance;
    self: SelfReport;
    /** Begins to ask peers. */
    watch(): HealthMonitor;
}

/** @throws MKT_NODE__IDENTITY_UNUSABLE, MKT_NODE__MAINTENANCE_UNREADABLE */
export async function openHealth(input: OpenHealthInput): Promise<Health> {
    const { config, topology, now, log, pauseReason, totals } = input;
    // The account names the node's TLS key; only one that is kept elsewhere has to be named.
    const identity = await readIdentity(config.identityKeyPath ?? config.tls?.certificates[0]?.keyPath);
    const named = topology.current()?.nodes.find(({ address }) => address === config.node)?.spkiHex ?? null;
    if (named !== null && identity?.spkiHex !== named) {
        log.warn(
            { named, own: identity?.spkiHex ?? null },
            'the account names another key: routers will not believe this node',
        );
    }
    const maintenance = new Maintenance(config.dataDir, now);
    await maintenance.open();
    const publicUrl = config.publicUrl ?? null;
    const self = new SelfReport({ node: config.node, identity, publicUrl, now, pauseReason, totals });
    const watch = (): HealthMonitor =>
        new HealthMonitor({
            node: config.node,
            identity,
            maintenance,
            peers: () => peersOf(config, topology),
            allowsPrivate: () => topology.current()?.isDevelopment ?? false,
            intervalMs: config.healthIntervalMs,
            timeoutMs: PROBE_TIMEOUT_MS,
            now,
            log,
        });
    return { identity, maintenance, self, watch };
}

/** The operator's own RELAYs, and the BEACONs of the config. */
function peersOf(config: NodeConfig, topology: TopologyPort): Peer[] {
    const nodes = topology.current()?.nodes ?? [];
    const operator = nodes.find(({ address }) => address === config.node)?.participant;
    const relays = nodes.flatMap(({ address, role, participant, isActive, spkiHex, endpoints: [first] }) =>
        role === 'relay' && isActive && participant === operator && first !== undefined
            ? [{ node: address, host: first.ip, port: first.port, spkiHex }]
            : [],
    );
    return [...relays, ...config.beacons.map((beacon) => ({ ...beacon, spkiHex: null }))];
}
