import type { ObjectCache } from '../cache/object-cache.js';
import type { Upstream } from '../cache/upstream.js';
import type { NodeConfig } from '../config.js';
import type { DnsCounters } from '../dns/dns-server.js';
import type { HealthMonitor } from '../health/monitor.js';
import type { Health } from '../health/open-health.js';
import type { RepeatedRequests } from '../http/repeats.js';
import type { EpochStore } from '../log/epoch-store.js';
import type { NodeDeps } from '../node.js';
import type { Operations } from '../ops/operations.js';
import type { RunningAdapter } from '../proxy-adapter/log-adapter.js';
import type { CacheJobs } from '../purge/jobs.js';
import { Access } from './access.js';
import type { ControlHandler } from './control.js';
import { EpochAccess } from './epoch-access.js';
import type { createFront } from './front.js';
import { HealthHandler } from './health-handler.js';
import { LogHandler } from './log-handler.js';
import type { StatusReporter } from './status.js';

export interface FacesInput {
    config: NodeConfig;
    deps: NodeDeps;
    cache: ObjectCache;
    jobs: CacheJobs;
    upstream: Upstream;
    store: EpochStore;
    status: StatusReporter;
    health: Health;
    operations: Operations;
    /** Only with a proxy. */
    adapter: RunningAdapter | null;
    isDraining: () => boolean;
}
type Front = ReturnType<typeof createFront>;
/** What a role shows to the network. */
export interface Faces {
    viewers: Front;
    /** CAST only. */
    midTier: Front | null;
    /** Control paths alone, for the listener with TLS. */
    control: Front;
    /** Of the mid-tier cache, whose answers nobody counts one by one. */
    repeats: RepeatedRequests | null;
    redirects: () => number;
    /** CAST: port of its DNS server, once it is ready. */
    dnsPort: () => number | null;
    dnsCounters: () => Readonly<DnsCounters> | null;
    /** Resolves when the role knows enough to answer viewers. */
    ready: Promise<void>;
    close(): Promise<void>;
}

export const accessOf = ({ operatorSecret, log }: NodeConfig): Access =>
    new Access({ operatorSecret, readTokens: log.readTokens });

export function healthPaths(
    { deps, health }: FacesInput,
    access: Access,
    monitor: HealthMonitor | null,
): HealthHandler {
    const { self, maintenance } = health;
    const watch = monitor === null ? null : { observations: monitor.observations, maintenance };
    return new HealthHandler({ access, now: deps.now, self, watch });
}

export function controlOptions(
    { config, deps, store, status }: FacesInput,
    access: Access,
): Omit<ConstructorParameters<typeof ControlHandler>[0], 'sessions' | 'more'> {
    const { node, dataDir } = config;
    const epochs = new EpochAccess({ store, topology: deps.topology, clock: deps.clock });
    return { node, access, epochs, logs: new LogHandler({ node, dataDir, access, epochs }), status };
}
