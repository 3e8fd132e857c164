import { mkdir } from 'node:fs/promises';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { listen, lockDataDir } from '@ocm/runtime';
import { DiskStore } from './cache/disk-store.js';
import { ObjectCache } from './cache/object-cache.js';
import { TieredStore } from './cache/store.js';
import { createUpstream, type UpstreamLimits } from './cache/upstream.js';
import type { NodeConfig } from './config.js';
import type { RepeatedRequests } from './http/repeats.js';
import { createNodeServer, drain, type HttpLimits } from './http/server.js';
import { readTls, type TlsMaterial } from './http/tls.js';
import { openStore, startErasing, startSealing } from './log/keep.js';
import type { Clock, HealthPort, NodeLog, TopologyPort } from './ports.js';
import { buildFaces } from './roles/faces.js';
import { StatusReporter } from './roles/status.js';

/** Time that responses under way get at a stop; the process's own limit for a stop hook is 10 s. */
const DRAIN_GRACE_MS = 5_000;
/** Until the chain says otherwise (protocol 6.15). */
const DEFAULT_CREDIT_BYTES = 8n * 1024n * 1024n;

export interface NodeDeps {
    topology: TopologyPort;
    /** Given by tests; otherwise a CAST watches its RELAYs itself. */
    health?: HealthPort;
    now: Clock;
    log: NodeLog;
    limits?: { http?: Partial<HttpLimits>; upstream?: Partial<UpstreamLimits> };
}
export interface RunningNode {
    /** Base URL of the viewers' listener. */
    url: string;
    /** CAST: base URL of the mid-tier cache. */
    cacheUrl: string | null;
    /** Base URL of the listener with TLS (`log.listen`). */
    logUrl: string | null;
    status: StatusReporter;
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
        for (const clean of cleanups.reverse()) await clean();
        throw error;
    }
}

async function assemble(config: NodeConfig, deps: NodeDeps, cleanups: (() => unknown)[]): Promise<RunningNode> {
    const { topology, now, log } = deps;
    cleanups.push(() => topology.close());
    const upstream = createUpstream(config.parentUrl, deps.limits?.upstream);
    cleanups.push(() => upstream.close());
    const cache = await openCache(config, upstream, log);
    cleanups.push(() => cache.store.settle());
    const creditBytes = BigInt(topology.current()?.params.creditBytes ?? DEFAULT_CREDIT_BYTES);
    const store = await openStore(config, { now, log, creditBytes });
    cleanups.push(() => store.close());
    cleanups.push(startSealing(store, now, log));
    cleanups.push(startErasing(store, config.log.erasureCron, now, log));

    let redirects = (): number => 0;
    const status = new StatusReporter({
        config,
        cache,
        store,
        topology,
        startedAtMs: now(),
        redirects: () => redirects(),
    });
    let isDraining = false;
    const faces = buildFaces({ config, deps, cache, upstream, store, status, isDraining: () => isDraining });
    redirects = faces.redirects;
    cleanups.push(() => faces.close());

    const servers: Server[] = [];
    cleanups.push(() => Promise.all(servers.map((server) => drain(server, DRAIN_GRACE_MS))));
    cleanups.push(async () => faces.repeats?.settle());
    const open = async (
        front: Parameters<typeof createNodeServer>[0],
        { host, port }: NodeConfig['listen'],
        tls?: TlsMaterial,
        repeats?: RepeatedRequests | null,
    ): Promise<string> => {
        const server = createNodeServer(front, deps.limits?.http, tls);
        repeats?.attach(server);
        const { url } = await listen({ server, host, port });
        servers.push(server);
        return tls === undefined ? url : url.replace(/^http:/, 'https:');
    };
    const cacheUrl =
        faces.midTier === null || config.cacheListen === undefined
            ? null
            : await open(faces.midTier, config.cacheListen, undefined, faces.repeats);
    const { listen: logListen } = config.log;
    const logUrl = logListen === undefined ? null : await open(faces.control, logListen, await readTls(logListen));
    await faces.ready;
    const url = await open(faces.viewers, config.listen);
    log.info({ role: config.role, node: config.node, url, cacheUrl, logUrl }, 'node serves');
    return {
        url,
        cacheUrl,
        logUrl,
        status,
        async stop() {
            isDraining = true;
            for (const clean of cleanups.splice(0).reverse()) await clean();
        },
    };
}

async function openCache(
    { dataDir, cache: limits }: NodeConfig,
    upstream: ReturnType<typeof createUpstream>,
    log: NodeLog,
): Promise<ObjectCache> {
    const folder = join(dataDir, 'cache');
    await mkdir(folder, { recursive: true });
    const disk = limits.diskBytes === 0 ? null : new DiskStore(folder, limits.diskBytes);
    const store = new TieredStore(limits.memoryBytes, disk, (error) =>
        log.warn({ err: error }, 'object not written to disk'),
    );
    await store.open();
    return new ObjectCache({ upstream, store, maxObjectBytes: limits.maxObjectBytes });
}
