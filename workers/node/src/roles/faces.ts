import type { ObjectCache } from '../cache/object-cache.js';
import type { Upstream } from '../cache/upstream.js';
import type { NodeConfig } from '../config.js';
import { HealthMonitor } from '../health/monitor.js';
import type { Health } from '../health/open-health.js';
import { HTTP_LIMITS } from '../http/limits.js';
import { RepeatedRequests } from '../http/repeats.js';
import type { EpochStore } from '../log/epoch-store.js';
import type { NodeDeps } from '../node.js';
import type { Operations } from '../ops/operations.js';
import { Admission } from '../proxy-adapter/admission.js';
import type { RunningAdapter } from '../proxy-adapter/log-adapter.js';
import { PurgeHandler } from '../purge/handler.js';
import type { CacheJobs } from '../purge/jobs.js';
import { openReplication } from '../replication/open-replication.js';
import { watchGeo } from '../routing/geo/watch-geo.js';
import { SessionService } from '../sessions/session-service.js';
import { Access } from './access.js';
import { refuseStranger } from './beacon.js';
import { buildRouter } from './build-router.js';
import { ControlHandler } from './control.js';
import { EpochAccess } from './epoch-access.js';
import { createFront, type FrontOptions, frontOptionsOf, refuseMedia } from './front.js';
import { HealthHandler } from './health-handler.js';
import { Household } from './household.js';
import { LogHandler } from './log-handler.js';
import { serveMedia } from './media.js';
import { OtherAskers } from './other-askers.js';
import { RouterHandler } from './router-handler.js';
import { RoutingControl } from './routing-control.js';
import type { StatusReporter } from './status.js';
import { ViewerHandler } from './viewer-handler.js';

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
    /** Resolves when the role knows enough to answer viewers. */
    ready: Promise<void>;
    close(): Promise<void>;
}

export function buildFaces(input: FacesInput): Faces {
    return input.config.role === 'cast' ? buildCast(input) : buildEdge(input);
}

/** CAST: a router for viewers, a cache for RELAYs. */
function buildCast(input: FacesInput): Faces {
    const { config, deps, cache } = input;
    const health = deps.health ?? input.health.watch();
    const router = buildRouter(input, health);
    const stopWatching = watchGeo(router, config.routing.geoIntervalMs);
    const redirect = new RouterHandler(router);
    const { keepAliveTimeoutMs } = { ...HTTP_LIMITS, ...config.limits, ...deps.limits?.http };
    const keepAliveSecs = Math.floor(keepAliveTimeoutMs / 1_000);
    const repeats = new RepeatedRequests({ now: deps.now, isDraining: input.isDraining, keepAliveSecs });
    input.status.tellRouting(() => router.status());
    const serve: FrontOptions['media'] = async (request, response, target) => {
        await serveMedia({ node: config.node, cache, repeats }, { request, response, target });
    };
    const access = accessOf(config);
    const watch = health instanceof HealthMonitor ? health : null;
    const askers = new OtherAskers({ config, topology: deps.topology, router, log: deps.log });
    const purge = new PurgeHandler(access, input.jobs);
    const replication = openReplication({ config, deps, health, access });
    const own = [new RoutingControl(router, access), healthPaths(input, access, watch), purge];
    const more = [...own, ...askers.paths(), ...replication.paths];
    const shared = frontOptionsOf(
        input,
        new ControlHandler({ ...controlOptions(input, access), sessions: null, more }),
    );
    return {
        viewers: createFront({
            ...shared,
            media: (request, response, target) =>
                config.manifests === 'serve' && isManifest(target.path)
                    ? serve(request, response, target)
                    : redirect.handle(request, response, target),
        }),
        midTier: createFront({ ...shared, hosts: new Set(), media: serve }),
        control: createFront({ ...shared, hosts: new Set(), media: refuseMedia }),
        repeats,
        redirects: () => redirect.redirects,
        // A router that has not looked yet would send every viewer to the origin, and they would stay there.
        ready: Promise.all([health.firstRound, router.settled()]).then(() => askers.open()),
        dnsPort: () => askers.dnsPort,
        async close() {
            stopWatching();
            await Promise.all([replication.close(), askers.close(), health.close(), router.close()]);
        },
    };
}

/** RELAY and BEACON: a cache for viewers, with sessions and a log. */
function buildEdge(input: FacesInput): Faces {
    const { config, deps, cache, upstream, store } = input;
    const { node, role } = config;
    const household =
        role === 'beacon' && config.household !== undefined
            ? new Household({ node, household: config.household, now: deps.now, log: deps.log })
            : null;
    const sessions = new SessionService({ ...deps, node, store });
    const contentUrl = withoutSlash(config.traditionalUrl ?? config.parentUrl);
    const viewers = new ViewerHandler({ ...deps, node, cache, sessions, store, upstream, contentUrl });
    const access = accessOf(config);
    const purge = new PurgeHandler(access, input.jobs);
    const more = [healthPaths(input, access, null), purge, ...(household === null ? [] : [household])];
    const control = new ControlHandler({ ...controlOptions(input, access), sessions, more });
    const front = frontOptionsOf(input, control);
    const admission =
        input.adapter === null ? {} : { admission: new Admission({ ...front, sessions, ...input.adapter }) };
    return {
        viewers: createFront({
            ...front,
            ...admission,
            media: async (request, response, target) => {
                if (role === 'beacon') refuseStranger(request, household !== null);
                await viewers.handle(request, response, target);
            },
        }),
        midTier: null,
        repeats: null,
        control: createFront({ ...front, hosts: new Set(), media: refuseMedia }),
        redirects: () => 0,
        dnsPort: () => null,
        ready: Promise.resolve(),
        async close() {
            await household?.close();
            await viewers.settle();
            await deps.health?.close();
        },
    };
}

const accessOf = ({ operatorSecret, log }: NodeConfig): Access =>
    new Access({ operatorSecret, readTokens: log.readTokens });

function healthPaths({ deps, health }: FacesInput, access: Access, monitor: HealthMonitor | null): HealthHandler {
    const { self, maintenance } = health;
    const watch = monitor === null ? null : { observations: monitor.observations, maintenance };
    return new HealthHandler({ access, now: deps.now, self, watch });
}

function controlOptions(
    { config, deps, store, status }: FacesInput,
    access: Access,
): Omit<ConstructorParameters<typeof ControlHandler>[0], 'sessions' | 'more'> {
    const { node, dataDir } = config;
    const epochs = new EpochAccess({ store, topology: deps.topology, clock: deps.clock });
    return { node, access, epochs, logs: new LogHandler({ node, dataDir, access, epochs }), status };
}

/** Addresses in a playlist are relative to where the playlist came from. */
const isManifest = (path: string): boolean => /\.(m3u8|mpd)$/i.test(path);

const withoutSlash = (url: string): string => url.replace(/\/+$/, '');
