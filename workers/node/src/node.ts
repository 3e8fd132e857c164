import { lockDataDir, type Metrics } from '@ocm/runtime';
import { guardUpstream } from './beacon/guarded-upstream.js';
import { LineGuard } from './beacon/line-guard.js';
import { openNodeCache } from './cache/open-cache.js';
import type { UpstreamLimits } from './cache/upstream.js';
import type { NodeConfig } from './config.js';
import { openHealth } from './health/open-health.js';
import type { HttpLimits } from './http/limits.js';
import type { Certificates } from './http/tls.js';
import { openStore, startErasing, startSealing } from './log/keep.js';
import { leave } from './ops/leave.js';
import { type Operated, operate } from './ops/operate.js';
import { parentConnector } from './ops/parent-connector.js';
import { openParents } from './parents/open-parents.js';
import type { Clock, HealthPort, NodeLog, ProtocolClock, TopologyPort } from './ports.js';
import { startLogAdapter } from './proxy-adapter/log-adapter.js';
import { openReceipts } from './receipts/open-receipts.js';
import type { Faces } from './roles/face-parts.js';
import { buildFaces } from './roles/faces.js';
import type { StatusReporter } from './roles/status.js';

/** Time that responses under way get at a stop; the process's own limit for a stop hook is 10 s. */
const DRAIN_GRACE_MS = 5_000;
/** Until the chain says otherwise (protocol 6.15). */
const DEFAULT_CREDIT_BYTES = 8n * 1024n * 1024n;

export interface NodeDeps {
    topology: TopologyPort;
    /** Given by tests; otherwise a CAST watches its RELAYs itself. */
    health?: HealthPort;
    clock: ProtocolClock;
    now: Clock;
    log: NodeLog;
    /** Of the process; otherwise the node has some of its own. */
    metrics?: Metrics;
    limits?: { http?: Partial<HttpLimits>; upstream?: Partial<UpstreamLimits> };
}
export interface RunningNode {
    /** Base URL of the viewers' listener. */
    url: string;
    /** CAST: base URL of the mid-tier cache. */
    cacheUrl: string | null;
    /** Base URL of the listener with TLS (`log.listen`). */
    logUrl: string | null;
    /** CAST with a DNS zone: its port. */
    dnsPort: number | null;
    /** Base URLs of the listeners with TLS (`tls`). */
    tlsUrl: string | null;
    tlsCacheUrl: string | null;
    status: StatusReporter;
    /** Tells the router, then ends responses under way; the node still has to be stopped. */
    leave(): Promise<void>;
    /** Reads certificate files again. */
    reload(): Promise<void>;
    /** Lets responses under way end, writes what is pending, gives the data folder back. */
    stop(): Promise<void>;
}

/** Starts one node in this process. The topology and, if given, the health port are closed with it. */
export async function startNode(config: NodeConfig, deps: NodeDeps): Promise<RunningNode> {
    const unlock = await lockDataDir(config.dataDir);
    const cleanups: (() => unknown)[] = [unlock];
    try {
        return await assemble(config, deps, cleanups);
    } catch (error) {
        // Why it does not start is what matters, not what went wrong on the way out as well.
        await cleanUp(cleanups).catch((also: unknown) => deps.log.error({ err: also }, 'clean-up failed'));
        throw error;
    }
}

/** The last first. All of it, whatever fails: a node that has lost its disk still gives its ports and its lock back. */
async function cleanUp(cleanups: (() => unknown)[]): Promise<void> {
    const failures: unknown[] = [];
    for (const clean of cleanups.splice(0).reverse()) {
        try {
            await clean();
        } catch (error) {
            failures.push(error);
        }
    }
    if (failures.length > 0) throw failures[0];
}

async function assemble(config: NodeConfig, deps: NodeDeps, cleanups: (() => unknown)[]): Promise<RunningNode> {
    const { topology, clock, now, log } = deps;
    cleanups.push(() => topology.close());
    const connector = parentConnector(config, deps);
    const receipts = openReceipts({ config, connector, now, log });
    cleanups.push(() => receipts.close());
    const parents = openParents({
        self: config.node,
        parentUrl: config.parentUrl,
        tiers: config.parentTiers,
        policy: config.parentPolicy,
        limits: deps.limits?.upstream,
        connector,
        wrap: receipts.wrap,
        now,
        log,
    });
    cleanups.push(() => parents.close());
    const guard =
        config.role === 'beacon' ? new LineGuard({ config: config.line, dataDir: config.dataDir, now, log }) : null;
    await guard?.open();
    cleanups.push(() => guard?.close());
    const upstream =
        guard === null ? parents : guardUpstream(parents, guard, config.traditionalUrl?.replace(/\/+$/, '') ?? null);
    const { cache, jobs, contentKeys } = await openNodeCache({ config, upstream, topology, clock, now, log });
    cleanups.push(() => cache.store.storage.settle());
    cleanups.push(contentKeys.start());
    cleanups.push(() => jobs.stop());
    const creditBytes = BigInt(topology.current()?.params.creditBytes ?? DEFAULT_CREDIT_BYTES);
    const store = await openStore(config, { clock, log, creditBytes });
    cleanups.push(() => store.close());
    cleanups.push(startSealing(store, clock, log));
    cleanups.push(startErasing(store, config.log.erasureCron, now, log));

    const adapter = await startLogAdapter({ config, store, topology, now, log });
    cleanups.push(() => adapter?.stop());
    let redirects = (): number => 0;
    let dns: Faces['dnsCounters'] = () => null;
    let isDraining = false;
    const pauseReason = (): string | null => (isDraining ? 'leaving' : (guard?.pauseReason() ?? null));
    const totals = () => ({ servedBytes: store.totals().servedBytes, openSessions: store.openSessions });
    const health = await openHealth({ config, topology, now, log, pauseReason, totals });
    const shared = { config, deps, cache, store, isDraining: () => isDraining };
    const mine = { contentKeys, parents, receipts };
    const operated = await operate({ ...shared, ...mine, pauseReason, redirects: () => redirects(), dns: () => dns() });
    const { listeners, tls, logTls, status, operations } = operated;
    cleanups.push(() => tls?.stop());
    cleanups.push(() => logTls?.files.stop());
    const faces = buildFaces({ ...shared, jobs, upstream, status, health, operations, adapter });
    redirects = faces.redirects;
    dns = faces.dnsCounters;
    cleanups.push(() => faces.close());
    cleanups.push(() => listeners.drain(DRAIN_GRACE_MS));
    cleanups.push(async () => faces.repeats?.settle());
    const urls = await openListeners(config, operated, faces);
    tls?.renew();
    jobs.start();
    log.info({ role: config.role, node: config.node, ...urls }, 'node serves');
    return {
        ...urls,
        dnsPort: faces.dnsPort(),
        status,
        async leave() {
            isDraining = true;
            await leave(config.drain, { watch: health.self, listeners });
        },
        reload: async () => {
            await Promise.all([tls?.reload(), logTls?.files.reload()]);
        },
        async stop() {
            isDraining = true;
            await cleanUp(cleanups);
        },
    };
}

type Urls = Pick<RunningNode, 'url' | 'cacheUrl' | 'logUrl' | 'tlsUrl' | 'tlsCacheUrl'>;

/** Viewers last: until then a role may not know enough to answer them. */
async function openListeners(config: NodeConfig, { listeners, tls, logTls }: Operated, faces: Faces): Promise<Urls> {
    const open = (
        front: Faces['viewers'] | null,
        at: NodeConfig['listen'] | undefined,
        certificates?: Certificates,
    ): Promise<string> | null => (front === null || at === undefined ? null : listeners.open(front, at, certificates));
    const { listen: logListen } = config.log;
    const secured = tls?.certificates;
    const cacheUrl =
        faces.midTier === null || config.cacheListen === undefined
            ? null
            : await listeners.open(faces.midTier, config.cacheListen, undefined, faces.repeats);
    const tlsCacheUrl = await open(faces.midTier, config.tls?.cacheListen, secured);
    const logUrl = await open(faces.control, logListen, logTls?.certificates);
    await faces.ready;
    const tlsUrl = await open(faces.viewers, config.tls?.listen, secured);
    return { url: await listeners.open(faces.viewers, config.listen), cacheUrl, tlsCacheUrl, logUrl, tlsUrl };
}
