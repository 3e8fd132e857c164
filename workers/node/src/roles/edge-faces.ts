import { Admission } from '../proxy-adapter/admission.js';
import { PurgeHandler } from '../purge/handler.js';
import { SessionService } from '../sessions/session-service.js';
import { refuseStranger } from './beacon.js';
import { ControlHandler } from './control.js';
import { accessOf, controlOptions, type Faces, type FacesInput, healthPaths } from './face-parts.js';
import { createFront, frontOptionsOf, refuseMedia } from './front.js';
import { Household } from './household.js';
import { ViewerHandler } from './viewer-handler.js';

/** RELAY and BEACON: a cache for viewers, with sessions and a log. */
export function buildEdge(input: FacesInput): Faces {
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
        dnsCounters: () => null,
        ready: Promise.resolve(),
        async close() {
            await household?.close();
            await viewers.settle();
            await deps.health?.close();
        },
    };
}

const withoutSlash = (url: string): string => url.replace(/\/+$/, '');
