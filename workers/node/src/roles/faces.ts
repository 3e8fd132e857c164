import type { ObjectCache } from '../cache/object-cache.js';
import type { Upstream } from '../cache/upstream.js';
import type { NodeConfig } from '../config.js';
import { RepeatedRequests } from '../http/repeats.js';
import { HTTP_LIMITS } from '../http/server.js';
import type { EpochStore } from '../log/epoch-store.js';
import type { NodeDeps } from '../node.js';
import type { HealthPort } from '../ports.js';
import { Router } from '../routing/router.js';
import { SessionService } from '../sessions/session-service.js';
import { HealthMonitor, type Peer } from '../topology/health.js';
import { Access } from './access.js';
import { refuseStranger } from './beacon.js';
import { ControlHandler } from './control.js';
import { EpochAccess } from './epoch-access.js';
import { createFront, type FrontOptions, refuseMedia } from './front.js';
import { LogHandler } from './log-handler.js';
import { serveMedia } from './media.js';
import { RouterHandler } from './router-handler.js';
import type { StatusReporter } from './status.js';
import { ViewerHandler } from './viewer-handler.js';

export interface FacesInput {
    config: NodeConfig;
    deps: NodeDeps;
    cache: ObjectCache;
    upstream: Upstream;
    store: EpochStore;
    status: StatusReporter;
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
    const health = deps.health ?? watchRelays(input);
    const router = new Router({
        node: config.node,
        topology: deps.topology,
        health,
        now: deps.now,
        traditionalUrl: withoutSlash(config.traditionalUrl ?? ''),
        asnPrefixes: config.asnPrefixes,
        beacons: config.beacons,
    });
    const redirect = new RouterHandler(router);
    const explain = router.route.bind(router);
    const { keepAliveTimeoutMs } = { ...HTTP_LIMITS, ...deps.limits?.http };
    const keepAliveSecs = Math.floor(keepAliveTimeoutMs / 1_000);
    const repeats = new RepeatedRequests({ now: deps.now, isDraining: input.isDraining, keepAliveSecs });
    const shared = frontOptions(input, new ControlHandler({ ...controlOptions(input), sessions: null, explain }));
    return {
        viewers: createFront({ ...shared, media: (...request) => redirect.handle(...request) }),
        midTier: createFront({
            ...shared,
            hosts: new Set(),
            media: async (request, response, target) => {
                await serveMedia({ node: config.node, cache, repeats }, { request, response, target });
            },
        }),
        control: createFront({ ...shared, hosts: new Set(), media: refuseMedia }),
        repeats,
        redirects: () => redirect.redirects,
        // A router that has not looked yet would send every viewer to the origin, and they would stay there.
        ready: health.firstRound ?? Promise.resolve(),
        close: () => health.close(),
    };
}

/** RELAY and BEACON: a cache for viewers, with sessions and a log. */
function buildEdge(input: FacesInput): Faces {
    const { config, deps, cache, upstream, store } = input;
    const { node, role } = config;
    const { topology, now, log } = deps;
    const sessions = new SessionService({ node, store, topology, now });
    const contentUrl = withoutSlash(config.traditionalUrl ?? config.parentUrl);
    const viewers = new ViewerHandler({ node, cache, sessions, store, topology, upstream, now, log, contentUrl });
    const control = new ControlHandler({ ...controlOptions(input), sessions, explain: null });
    return {
        viewers: createFront({
            ...frontOptions(input, control),
            media: async (request, response, target) => {
                if (role === 'beacon') refuseStranger(request);
                await viewers.handle(request, response, target);
            },
        }),
        midTier: null,
        repeats: null,
        control: createFront({ ...frontOptions(input, control), hosts: new Set(), media: refuseMedia }),
        redirects: () => 0,
        ready: Promise.resolve(),
        async close() {
            await viewers.settle();
            await deps.health?.close();
        },
    };
}

function controlOptions({
    config,
    deps,
    store,
    status,
}: FacesInput): Omit<ConstructorParameters<typeof ControlHandler>[0], 'sessions' | 'explain'> {
    const { node, dataDir, operatorSecret } = config;
    const access = new Access({ operatorSecret, readTokens: config.log.readTokens });
    const epochs = new EpochAccess({ store, topology: deps.topology, now: deps.now });
    return { node, access, epochs, logs: new LogHandler({ node, dataDir, access, epochs }), status };
}

function frontOptions({ config, deps, isDraining }: FacesInput, control: ControlHandler): Omit<FrontOptions, 'media'> {
    return {
        node: config.node,
        control,
        allowedQuery: new Set(config.queryAllowList),
        hosts: new Set(config.hosts.map((host) => host.toLowerCase())),
        isDraining,
        log: deps.log,
    };
}

function watchRelays({ config, deps }: FacesInput): HealthPort {
    const { topology, log } = deps;
    const peers = (): Peer[] => {
        const view = topology.current();
        const self = view?.nodes.find(({ address }) => address === config.node);
        const relays = (view?.nodes ?? [])
            .filter(
                ({ role, participant, isActive }) => role === 'relay' && isActive && participant === self?.participant,
            )
            .flatMap(({ address, endpoints: [first] }) =>
                first === undefined ? [] : [{ node: address, host: first.ip, port: first.port }],
            );
        return [...relays, ...config.beacons];
    };
    const allowsPrivate = (): boolean => topology.current()?.isDevelopment ?? false;
    return new HealthMonitor({ peers, allowsPrivate, intervalMs: config.healthIntervalMs, timeoutMs: 1_000, log });
}

const withoutSlash = (url: string): string => url.replace(/\/+$/, '');
