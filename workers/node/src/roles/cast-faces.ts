import { HealthMonitor } from '../health/monitor.js';
import { HTTP_LIMITS } from '../http/limits.js';
import { RepeatedRequests } from '../http/repeats.js';
import { PurgeHandler } from '../purge/handler.js';
import { openReplication } from '../replication/open-replication.js';
import { watchGeo } from '../routing/geo/watch-geo.js';
import { buildRouter } from './build-router.js';
import { ControlHandler } from './control.js';
import { accessOf, controlOptions, type Faces, type FacesInput, healthPaths } from './face-parts.js';
import { createFront, type FrontOptions, frontOptionsOf, refuseMedia } from './front.js';
import { serveMedia } from './media.js';
import { OtherAskers } from './other-askers.js';
import { RouterHandler } from './router-handler.js';
import { RoutingControl } from './routing-control.js';

/** CAST: a router for viewers, a cache for RELAYs. */
export function buildCast(input: FacesInput): Faces {
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
        dnsCounters: () => askers.dnsCounters,
        async close() {
            stopWatching();
            await Promise.all([replication.close(), askers.close(), health.close(), router.close()]);
        },
    };
}

/** Addresses in a playlist are relative to where the playlist came from. */
const isManifest = (path: string): boolean => /\.(m3u8|mpd)$/i.test(path);
