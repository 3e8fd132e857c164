import type { ObjectCache } from '../cache/object-cache.js';
import type { Upstream } from '../cache/upstream.js';
import type { NodeConfig } from '../config.js';
import type { EpochStore } from '../log/epoch-store.js';
import type { NodeDeps } from '../node.js';
import { watchGeo } from '../routing/geo/watch-geo.js';
import { SessionService } from '../sessions/session-service.js';
import { Access } from './access.js';
import { refuseStranger } from './beacon.js';
import { buildRouter, watchRelays } from './build-router.js';
import { ControlHandler } from './control.js';
import { EpochAccess } from './epoch-access.js';
import { createFront, type FrontOptions, refuseMedia } from './front.js';
import { Household } from './household.js';
import { LogHandler } from './log-handler.js';
import { serveMedia } from './media.js';
import { RouterHandler } from './router-handler.js';
import { RoutingControl } from './routing-control.js';
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
    const router = buildRouter(input, health);
    const stopWatching = watchGeo(router, config.routing.geoIntervalMs);
    const redirect = new RouterHandler(router);
    input.status.tellRouting(() => router.status());
    const control = controlOptions(input);
    const rolePaths = new RoutingControl(router, control.access);
    const shared = frontOptions(input, new ControlHandler({ ...control, sessions: null, rolePaths }));
    return {
        viewers: createFront({ ...shared, media: (...request) => redirect.handle(...request) }),
        midTier: createFront({
            ...shared,
            hosts: new Set(),
            media: async (request, response, target) => {
                await serveMedia({ node: config.node, cache }, { request, response, target });
            },
        }),
        control: createFront({ ...shared, hosts: new Set(), media: refuseMedia }),
        redirects: () => redirect.redirects,
        // A router that has not looked yet would send every viewer to the origin, and they would stay there.
        ready: Promise.all([health.firstRound, router.settled()]).then(() => undefined),
        async close() {
            stopWatching();
            await Promise.all([health.close(), router.close()]);
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
    const { topology, now, log } = deps;
    const sessions = new SessionService({ node, store, topology, now });
    const contentUrl = withoutSlash(config.traditionalUrl ?? config.parentUrl);
    const viewers = new ViewerHandler({ node, cache, sessions, store, topology, upstream, now, log, contentUrl });
    const control = new ControlHandler({ ...controlOptions(input), sessions, rolePaths: household });
    return {
        viewers: createFront({
            ...frontOptions(input, control),
            media: async (request, response, target) => {
                if (role === 'beacon') refuseStranger(request, household !== null);
                await viewers.handle(request, response, target);
            },
        }),
        midTier: null,
        control: createFront({ ...frontOptions(input, control), hosts: new Set(), media: refuseMedia }),
        redirects: () => 0,
        ready: Promise.resolve(),
        async close() {
            await household?.close();
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
}: FacesInput): Omit<ConstructorParameters<typeof ControlHandler>[0], 'sessions' | 'rolePaths'> {
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

const withoutSlash = (url: string): string => url.replace(/\/+$/, '');
